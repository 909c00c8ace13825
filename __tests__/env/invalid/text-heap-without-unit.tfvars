# text-heap-without-unit.tfvars:2: spark_executor_memory: expected a Spark size of at least 512m, such as "4g"; got "4096". Correct it, or remove it for the default, "7g"
spark_executor_memory = "4096"
