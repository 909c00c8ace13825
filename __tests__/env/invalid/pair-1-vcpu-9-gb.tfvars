# pair-1-vcpu-9-gb.tfvars:3: emr_worker_memory: a worker of 1 vCPU has 2 to 8 GB in steps of 1 GB; got 9. Set emr_worker_memory = 8 or emr_worker_cpu = 2
emr_worker_cpu    = 1
emr_worker_memory = 9
spark_driver_cores   = 1
spark_executor_cores = 1
