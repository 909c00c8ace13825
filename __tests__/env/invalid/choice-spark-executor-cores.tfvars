# choice-spark-executor-cores.tfvars:2: spark_executor_cores: expected one of 1, 2, 4, 8, 16 (vCPU); got 32. Set spark_executor_cores = 2
spark_executor_cores = 32
