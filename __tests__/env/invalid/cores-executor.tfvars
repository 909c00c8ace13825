# cores-executor.tfvars:3: spark_executor_cores: one executor runs on one worker: 8 cores do not fit a worker of emr_worker_cpu = 2. Set spark_executor_cores = 2 or emr_worker_cpu = 8 with emr_worker_memory = 16
emr_max_workers      = 30
spark_executor_cores = 8
