# bound-emr-max-workers-too-low.tfvars:2: emr_max_workers: expected a whole number of workers from 1 to 10000; got 0. Set emr_max_workers = 4
emr_max_workers = 0
