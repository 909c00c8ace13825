# expression-in-a-key.tfvars:2: tags: holds an expression, and plain values are expected. Write the value itself
tags = {
  (var.team) = "data"
}
