# lifecycle-same-day.tfvars:2: raw_glacier_days: must be later than raw_intelligent_tiering_days (365); got 365. Set raw_glacier_days = 366 or raw_intelligent_tiering_days = 364
raw_intelligent_tiering_days = 365
