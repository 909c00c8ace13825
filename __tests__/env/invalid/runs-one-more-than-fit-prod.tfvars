# runs-one-more-than-fit-prod.tfvars:6: max_concurrent_runs: runs at once ask for 1680 GB of memory (5 runs × 336) where EMR allows 1600 (100 workers × 16), 2100 GB of disk (5 runs × 420) where EMR allows 2000 (100 workers × 20): they would wait for each other. Set max_concurrent_runs = 4 or emr_max_workers = 105
emr_max_workers     = 100
emr_worker_cpu      = 4
emr_worker_memory   = 16
spark_max_executors = 20
max_concurrent_runs = 5
