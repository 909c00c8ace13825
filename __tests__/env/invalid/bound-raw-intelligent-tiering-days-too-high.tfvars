# bound-raw-intelligent-tiering-days-too-high.tfvars:2: raw_intelligent_tiering_days: expected a whole number of days from 0 to 3650; got 3651. Set raw_intelligent_tiering_days = 364
raw_intelligent_tiering_days = 3651
