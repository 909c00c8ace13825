# bound-spark-executor-instances-too-low.tfvars:2: spark_executor_instances: expected a whole number of executors from 0 to 10000; got -1. Set spark_executor_instances = 0
spark_executor_instances = -1
