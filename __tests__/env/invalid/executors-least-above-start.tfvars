# executors-least-above-start.tfvars:2: spark_min_executors: a run starts with no fewer executors than it keeps: spark_min_executors (3) must be at most spark_executor_instances (2). Set spark_min_executors = 2
spark_min_executors = 3
