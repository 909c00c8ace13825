# runs-more-than-fit.tfvars:2: max_concurrent_runs: runs at once ask for 16 vCPU (2 runs × 8) where EMR allows 10 (5 workers × 2), 64 GB of memory (2 runs × 32) where EMR allows 40 (5 workers × 8), 160 GB of disk (2 runs × 80) where EMR allows 100 (5 workers × 20): they would wait for each other. Set max_concurrent_runs = 1 or emr_max_workers = 8
max_concurrent_runs = 2
