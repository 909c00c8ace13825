# type-flag-as-number.tfvars:2: enable_vpc: expected true or false; got 1. Correct it, or remove it for the default, false
enable_vpc = 1
