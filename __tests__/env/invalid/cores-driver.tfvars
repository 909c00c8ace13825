# cores-driver.tfvars:3: spark_driver_cores: one driver runs on one worker: 4 cores do not fit a worker of emr_worker_cpu = 2. Set spark_driver_cores = 2 or emr_worker_cpu = 4
emr_max_workers    = 10
spark_driver_cores = 4
