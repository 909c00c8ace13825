# text-aws-region.tfvars:2: aws_region: expected an AWS region, such as us-east-1; got "us-east". Correct it, or remove it for the default, "us-east-1"
aws_region = "us-east"
