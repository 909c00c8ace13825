# heap-larger-than-its-cores-get.tfvars:4: spark_executor_memory: EMR Serverless gives 2 vCPU at most 16 GB: a heap of 15g with its overhead is 16.5 GB. Set spark_executor_memory = "14g" or spark_executor_cores = 4
emr_worker_cpu        = 4
emr_worker_memory     = 30
spark_executor_memory = "15g"
