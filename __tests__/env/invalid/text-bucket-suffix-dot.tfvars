# text-bucket-suffix-dot.tfvars:2: bucket_suffix: expected lower-case letters, digits and inner hyphens; got "acme.example". Correct it or remove it
bucket_suffix = "acme.example"
