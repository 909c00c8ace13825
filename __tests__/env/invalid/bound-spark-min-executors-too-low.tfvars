# bound-spark-min-executors-too-low.tfvars:2: spark_min_executors: expected a whole number of executors from 0 to 10000; got -1. Set spark_min_executors = 0
spark_min_executors = -1
