# choice-spark-driver-cores.tfvars:2: spark_driver_cores: expected one of 1, 2, 4, 8, 16 (vCPU); got 6. Set spark_driver_cores = 2
spark_driver_cores = 6
