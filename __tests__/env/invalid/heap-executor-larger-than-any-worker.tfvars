# heap-executor-larger-than-any-worker.tfvars:2: spark_executor_memory: one executor runs on one worker: a heap of 1t with its overhead is 1126.4 GB and does not fit emr_worker_memory = 8. Set spark_executor_memory = "7g"
spark_executor_memory = "1t"
