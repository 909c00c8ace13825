# type-flag-nat-gateway-in-quotes.tfvars:2: enable_nat_gateway: expected true or false; got "true". Set enable_nat_gateway = true, without quotes
enable_nat_gateway = "true"
