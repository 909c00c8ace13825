# bound-spark-executor-instances-too-high.tfvars:2: spark_executor_instances: expected a whole number of executors from 0 to 10000; got 10001. Set spark_executor_instances = 2
spark_executor_instances = 10001
