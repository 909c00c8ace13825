# name-project-and-suffix-too-long.tfvars:2: project: the bucket name "pppppppppppppppppppppp-athena-results-it-ssssssssssssssssssssssssssssss" has 71 characters, AWS allows 63. Shorten project or bucket_suffix by 8
project       = "pppppppppppppppppppppp"
bucket_suffix = "ssssssssssssssssssssssssssssss"
