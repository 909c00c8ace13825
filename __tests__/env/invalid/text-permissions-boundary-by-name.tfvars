# text-permissions-boundary-by-name.tfvars:2: iam_permissions_boundary: expected the ARN of an IAM policy; got "boundary". Correct it or remove it
iam_permissions_boundary = "boundary"
