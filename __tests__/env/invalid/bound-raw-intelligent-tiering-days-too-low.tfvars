# bound-raw-intelligent-tiering-days-too-low.tfvars:2: raw_intelligent_tiering_days: expected a whole number of days from 0 to 3650; got -1. Set raw_intelligent_tiering_days = 0
raw_intelligent_tiering_days = -1
