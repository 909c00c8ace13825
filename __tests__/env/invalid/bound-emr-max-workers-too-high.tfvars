# bound-emr-max-workers-too-high.tfvars:2: emr_max_workers: expected a whole number of workers from 1 to 10000; got 10001. Set emr_max_workers = 10000
emr_max_workers = 10001
