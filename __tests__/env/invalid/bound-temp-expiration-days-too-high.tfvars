# bound-temp-expiration-days-too-high.tfvars:2: temp_expiration_days: expected a whole number of days from 1 to 3650; got 3651. Set temp_expiration_days = 3650
temp_expiration_days = 3651
