# pair-4-vcpu-31-gb.tfvars:3: emr_worker_memory: a worker of 4 vCPU has 8 to 30 GB in steps of 1 GB; got 31. Set emr_worker_memory = 30
emr_worker_cpu    = 4
emr_worker_memory = 31
