# bound-spark-min-executors-too-high.tfvars:2: spark_min_executors: expected a whole number of executors from 0 to 10000; got 10001. Set spark_min_executors = 2
spark_min_executors = 10001
