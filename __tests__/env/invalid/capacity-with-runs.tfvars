# capacity-with-runs.tfvars:4: spark_max_executors: Spark asks for 18 vCPU (driver 2 + 8 executors × 2) where EMR allows 16 (8 workers × 2), 72 GB of memory (driver 8 + 8 executors × 8) where EMR allows 64 (8 workers × 8), 180 GB of disk (driver 20 + 8 executors × 20) where EMR allows 160 (8 workers × 20): the job would hang in SCHEDULED. Set spark_max_executors = 7 with max_concurrent_runs = 1 or emr_max_workers = 18
emr_max_workers     = 8
max_concurrent_runs = 2
spark_max_executors = 8
