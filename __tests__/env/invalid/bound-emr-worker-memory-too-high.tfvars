# bound-emr-worker-memory-too-high.tfvars:2: emr_worker_memory: expected a whole number of GB from 2 to 120; got 121. Set emr_worker_memory = 16
emr_worker_memory = 121
