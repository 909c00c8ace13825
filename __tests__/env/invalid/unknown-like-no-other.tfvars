# unknown-like-no-other.tfvars:2: kubernetes: unknown variable. docs/variables.md lists the known ones
kubernetes = true
