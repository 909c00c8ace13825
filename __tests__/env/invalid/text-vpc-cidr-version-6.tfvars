# text-vpc-cidr-version-6.tfvars:2: vpc_cidr: expected an IPv4 block of /16 to /24 at its network address, such as 10.0.0.0/16; got "fd00::/64". Correct it, or remove it for the default, "10.0.0.0/16"
vpc_cidr = "fd00::/64"
