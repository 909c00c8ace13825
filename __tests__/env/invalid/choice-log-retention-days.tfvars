# choice-log-retention-days.tfvars:2: log_retention_days: expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 (days); got 45. Set log_retention_days = 30
log_retention_days = 45
