# type-flag-retain-data-in-quotes.tfvars:2: retain_data: expected true or false; got "false". Set retain_data = false, without quotes
retain_data = "false"
