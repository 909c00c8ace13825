# syntax-comma-after-a-value.tfvars:2: syntax: Unexpected comma after argument; Argument definitions must be separated by newlines, not commas. An argument definition must end with a newline.
emr_max_workers = 5,
project         = "lake"
