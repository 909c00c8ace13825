# choice-emr-worker-cpu.tfvars:2: emr_worker_cpu: expected one of 1, 2, 4, 8, 16 (vCPU); got 3. Set emr_worker_cpu = 2
emr_worker_cpu = 3
