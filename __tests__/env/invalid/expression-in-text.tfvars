# expression-in-text.tfvars:3: tags.Team: holds an expression, and plain values are expected. Write the value itself
tags = {
  Team = "data-${var.team}"
}
