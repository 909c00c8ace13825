# executors-start-with-more-than-fit.tfvars:3: spark_max_executors: dynamic allocation needs room to grow: spark_max_executors (4) must be at least spark_executor_instances + 1 (5). Set spark_executor_instances = 3
spark_executor_instances = 4
spark_max_executors      = 4
