# type-heap-as-number.tfvars:2: spark_driver_memory: expected a Spark size of at least 512m, such as "4g"; got 4. Set spark_driver_memory = "4g", in quotes
spark_driver_memory = 4
