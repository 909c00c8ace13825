# name-suffix-too-long.tfvars:2: project: the bucket name "data-lake-athena-results-it-ssssssssssssssssssssssssssssssssssssssssssssssssss" has 78 characters, AWS allows 63. Shorten bucket_suffix by 15
bucket_suffix = "ssssssssssssssssssssssssssssssssssssssssssssssssss"
