# syntax-map-left-open.tfvars:4: syntax: Missing expression; Expected the start of an expression, but found the end of the file.
sources = {
  events = { format = "json" }
