# type-flag-state-in-bucket-as-number.tfvars:2: state_in_bucket: expected true or false; got 0. Correct it, or remove it for the default, false
state_in_bucket = 0
