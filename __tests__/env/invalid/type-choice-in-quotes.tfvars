# type-choice-in-quotes.tfvars:2: emr_worker_cpu: expected one of 1, 2, 4, 8, 16 (vCPU); got "4". Set emr_worker_cpu = 4, without quotes
emr_worker_cpu = "4"
