# text-project-capitals.tfvars:2: project: expected lower-case letters, digits and inner hyphens; got "DataLake". Correct it, or remove it for the default, "data-lake"
project = "DataLake"
