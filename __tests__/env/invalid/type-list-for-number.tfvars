# type-list-for-number.tfvars:2: emr_max_workers: expected a whole number of workers from 1 to 10000; got [5]. Correct it, or remove it for the default, 5
emr_max_workers = [5]
