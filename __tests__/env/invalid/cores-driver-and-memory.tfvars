# cores-driver-and-memory.tfvars:3: spark_driver_cores: one driver runs on one worker: 16 cores do not fit a worker of emr_worker_cpu = 2. Set spark_driver_cores = 2 or emr_worker_cpu = 16 with emr_worker_memory = 32
emr_max_workers    = 20
spark_driver_cores = 16
