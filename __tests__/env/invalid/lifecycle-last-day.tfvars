# lifecycle-last-day.tfvars:2: raw_glacier_days: must be later than raw_intelligent_tiering_days (3650); got 365. Set raw_intelligent_tiering_days = 364
raw_intelligent_tiering_days = 3650
