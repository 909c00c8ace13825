# expression-directive.tfvars:2: project: holds an expression, and plain values are expected. Write the value itself
project = "lake%{ if true }-dev%{ endif }"
