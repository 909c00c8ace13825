# type-flag-in-quotes.tfvars:2: enable_vpc: expected true or false; got "true". Set enable_vpc = true, without quotes
enable_vpc = "true"
