# unknown-hyphen.tfvars:2: enable-vpc: unknown variable. Did you mean enable_vpc?
enable-vpc = true
