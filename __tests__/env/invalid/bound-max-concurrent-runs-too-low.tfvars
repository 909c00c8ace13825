# bound-max-concurrent-runs-too-low.tfvars:2: max_concurrent_runs: expected a whole number of runs from 1 to 20; got 0. Set max_concurrent_runs = 1
max_concurrent_runs = 0
