# type-flag-on.tfvars:2: single_nat_gateway: expected true or false; got "on". Correct it, or remove it for the default, false
single_nat_gateway = "on"
