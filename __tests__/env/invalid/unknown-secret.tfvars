# unknown-secret.tfvars:2: database_password: unknown variable. docs/variables.md lists the known ones
database_password = "correct horse battery staple"
