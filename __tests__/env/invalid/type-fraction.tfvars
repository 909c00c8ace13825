# type-fraction.tfvars:2: emr_max_workers: expected a whole number of workers from 1 to 10000; got 5.5. Set emr_max_workers = 6
emr_max_workers = 5.5
