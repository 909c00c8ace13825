# lifecycle-descends.tfvars:2: raw_glacier_days: must be later than raw_intelligent_tiering_days (90); got 30. Set raw_glacier_days = 91 or raw_intelligent_tiering_days = 29
raw_glacier_days = 30
