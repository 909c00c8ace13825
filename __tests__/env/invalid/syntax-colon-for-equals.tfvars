# syntax-colon-for-equals.tfvars:2: syntax: Argument or block definition required; An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value.
emr_max_workers: 5
