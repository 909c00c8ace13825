# type-map-for-text.tfvars:2: project: expected lower-case letters, digits and inner hyphens; got {"name":"lake"}. Correct it, or remove it for the default, "data-lake"
project = { name = "lake" }
