# heap-driver-one-mb-too-large.tfvars:2: spark_driver_memory: one driver runs on one worker: a heap of 7449m with its overhead is 8.001 GB and does not fit emr_worker_memory = 8. Set spark_driver_memory = "7g" or emr_worker_memory = 9
spark_driver_memory = "7449m"
