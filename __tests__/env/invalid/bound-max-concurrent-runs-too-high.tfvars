# bound-max-concurrent-runs-too-high.tfvars:2: max_concurrent_runs: expected a whole number of runs from 1 to 20; got 21. Set max_concurrent_runs = 1
max_concurrent_runs = 21
