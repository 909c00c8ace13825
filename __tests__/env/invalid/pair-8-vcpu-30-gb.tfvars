# pair-8-vcpu-30-gb.tfvars:3: emr_worker_memory: a worker of 8 vCPU has 16 to 60 GB in steps of 4 GB; got 30. Set emr_worker_memory = 28 or emr_worker_cpu = 4
emr_worker_cpu    = 8
emr_worker_memory = 30
