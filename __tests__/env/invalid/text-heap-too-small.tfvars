# text-heap-too-small.tfvars:2: spark_driver_memory: expected a Spark size of at least 512m, such as "4g"; got "511m". Correct it, or remove it for the default, "7g"
spark_driver_memory = "511m"
