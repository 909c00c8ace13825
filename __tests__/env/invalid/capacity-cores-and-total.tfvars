# capacity-cores-and-total.tfvars:3: spark_max_executors: Spark asks for 26 vCPU (driver 2 + 3 executors × 8) where EMR allows 20 (10 workers × 2): the job would hang in SCHEDULED; besides, one executor runs on one worker: 8 cores do not fit a worker of emr_worker_cpu = 2. Set spark_executor_cores = 2 or emr_worker_cpu = 8 with emr_worker_memory = 16
emr_max_workers      = 10
spark_executor_cores = 8
