# syntax-variable-set-twice.tfvars:4: syntax: Attribute redefined; The argument "emr_max_workers" was already set at line 2. Each argument may be set only once.
emr_max_workers = 5
project         = "lake"
emr_max_workers = 6
