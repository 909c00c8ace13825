# heap-executor.tfvars:2: spark_executor_memory: one executor runs on one worker: a heap of 8g with its overhead is 8.8 GB and does not fit emr_worker_memory = 8. Set spark_executor_memory = "7g" or emr_worker_memory = 9
spark_executor_memory = "8g"
