# bound-raw-glacier-days-too-low.tfvars:2: raw_glacier_days: expected a whole number of days from 1 to 3650; got 0. Set raw_glacier_days = 91
raw_glacier_days = 0
