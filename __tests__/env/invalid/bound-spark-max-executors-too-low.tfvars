# bound-spark-max-executors-too-low.tfvars:2: spark_max_executors: expected a whole number of executors from 1 to 10000; got 0. Set spark_max_executors = 3
spark_max_executors = 0
