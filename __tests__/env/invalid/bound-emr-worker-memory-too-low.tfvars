# bound-emr-worker-memory-too-low.tfvars:2: emr_worker_memory: expected a whole number of GB from 2 to 120; got 1. Set emr_worker_memory = 4
emr_worker_memory = 1
