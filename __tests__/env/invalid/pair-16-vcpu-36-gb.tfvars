# pair-16-vcpu-36-gb.tfvars:3: emr_worker_memory: a worker of 16 vCPU has 32 to 120 GB in steps of 8 GB; got 36. Set emr_worker_memory = 32 or emr_worker_cpu = 8
emr_worker_cpu    = 16
emr_worker_memory = 36
