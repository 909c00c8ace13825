# unknown-letter-missing.tfvars:2: emr_max_worker: unknown variable. Did you mean emr_max_workers?
emr_max_worker = 5
