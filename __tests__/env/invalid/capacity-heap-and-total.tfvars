# capacity-heap-and-total.tfvars:4: spark_max_executors: Spark asks for 14 vCPU (driver 2 + 6 executors × 2) where EMR allows 8 (4 workers × 2), 92 GB of memory (driver 8 + 6 executors × 14) where EMR allows 32 (4 workers × 8), 140 GB of disk (driver 20 + 6 executors × 20) where EMR allows 80 (4 workers × 20): the job would hang in SCHEDULED; besides, one executor runs on one worker: a heap of 12g with its overhead is 13.2 GB and does not fit emr_worker_memory = 8. Set spark_max_executors = 3 with spark_executor_memory = "7g" or emr_max_workers = 7 with emr_worker_memory = 14
emr_max_workers       = 4
spark_executor_memory = "12g"
spark_max_executors   = 6
