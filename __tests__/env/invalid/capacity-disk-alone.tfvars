# capacity-disk-alone.tfvars:7: spark_max_executors: Spark asks for 100 GB of disk (driver 20 + 4 executors × 20) where EMR allows 60 (3 workers × 20): the job would hang in SCHEDULED. Set spark_max_executors = 2 with spark_executor_instances = 1 or emr_max_workers = 5
emr_max_workers       = 3
emr_worker_cpu        = 4
emr_worker_memory     = 16
spark_driver_memory   = "2g"
spark_executor_memory = "2g"
spark_max_executors   = 4
