# bound-raw-glacier-days-too-high.tfvars:2: raw_glacier_days: expected a whole number of days from 1 to 3650; got 3651. Set raw_glacier_days = 3650
raw_glacier_days = 3651
