# syntax-source-twice.tfvars:5: syntax: events is set twice in one map, on line 3 too. Keep one
sources = {
  events  = { format = "json" }
  flights = { format = "csv" }
  events  = { format = "csv" }
}
