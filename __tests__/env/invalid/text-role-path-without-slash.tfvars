# text-role-path-without-slash.tfvars:2: iam_role_path: expected a path that begins and ends with /; got "/data-lake". Correct it, or remove it for the default, "/"
iam_role_path = "/data-lake"
