# type-flag-nat-in-quotes.tfvars:2: enable_nat_gateway: expected true or false; got "yes". Correct it, or remove it for the default, false
enable_nat_gateway = "yes"
