# pair-2-vcpu-3-gb.tfvars:3: emr_worker_memory: a worker of 2 vCPU has 4 to 16 GB in steps of 1 GB; got 3. Set emr_worker_memory = 4
emr_worker_cpu    = 2
emr_worker_memory = 3
