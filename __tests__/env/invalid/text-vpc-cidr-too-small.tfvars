# text-vpc-cidr-too-small.tfvars:2: vpc_cidr: expected an IPv4 block of /16 to /24 at its network address, such as 10.0.0.0/16; got "10.0.0.0/25". Correct it, or remove it for the default, "10.0.0.0/16"
vpc_cidr = "10.0.0.0/25"
