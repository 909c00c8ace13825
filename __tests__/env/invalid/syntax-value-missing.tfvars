# syntax-value-missing.tfvars:2: syntax: Invalid expression; Expected the start of an expression, but found an invalid expression token.
project =
