# bound-athena-results-expiration-days-too-low.tfvars:2: athena_results_expiration_days: expected a whole number of days from 1 to 3650; got 0. Set athena_results_expiration_days = 1
athena_results_expiration_days = 0
