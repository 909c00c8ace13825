# bound-spark-max-executors-too-high.tfvars:2: spark_max_executors: expected a whole number of executors from 1 to 10000; got 10001. Set spark_max_executors = 4
spark_max_executors = 10001
