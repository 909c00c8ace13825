# capacity-template-example.tfvars:7: spark_max_executors: Spark asks for 42 vCPU (driver 2 + 10 executors × 4) where EMR allows 10 (5 workers × 2), 88 GB of memory (driver 8 + 10 executors × 8) where EMR allows 40 (5 workers × 8), 220 GB of disk (driver 20 + 10 executors × 20) where EMR allows 100 (5 workers × 20): the job would hang in SCHEDULED; besides, one executor runs on one worker: 4 cores do not fit a worker of emr_worker_cpu = 2. Set spark_max_executors = 4 with spark_executor_cores = 2 or emr_max_workers = 11 with emr_worker_cpu = 4
emr_max_workers      = 5
emr_worker_cpu       = 2
emr_worker_memory    = 8
spark_driver_cores   = 2
spark_executor_cores = 4
spark_max_executors  = 10
