# unknown-letters-swapped.tfvars:2: aws_regoin: unknown variable. Did you mean aws_region?
aws_regoin = "eu-west-1"
