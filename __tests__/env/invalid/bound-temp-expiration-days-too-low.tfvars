# bound-temp-expiration-days-too-low.tfvars:2: temp_expiration_days: expected a whole number of days from 1 to 3650; got 0. Set temp_expiration_days = 1
temp_expiration_days = 0
