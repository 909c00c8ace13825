# executors-no-room-to-grow.tfvars:2: spark_max_executors: dynamic allocation needs room to grow: spark_max_executors (3) must be at least spark_executor_instances + 1 (4). Set spark_max_executors = 4 or spark_executor_instances = 2
spark_executor_instances = 3
