# capacity-one-worker-too-few.tfvars:3: spark_max_executors: Spark asks for 42 vCPU (driver 2 + 20 executors × 2) where EMR allows 40 (20 workers × 2), 168 GB of memory (driver 8 + 20 executors × 8) where EMR allows 160 (20 workers × 8), 420 GB of disk (driver 20 + 20 executors × 20) where EMR allows 400 (20 workers × 20): the job would hang in SCHEDULED. Set spark_max_executors = 19 or emr_max_workers = 21
emr_max_workers     = 20
spark_max_executors = 20
