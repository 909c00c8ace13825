# bound-athena-results-expiration-days-too-high.tfvars:2: athena_results_expiration_days: expected a whole number of days from 1 to 3650; got 3651. Set athena_results_expiration_days = 3650
athena_results_expiration_days = 3651
