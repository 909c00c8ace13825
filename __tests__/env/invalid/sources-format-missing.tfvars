# sources-format-missing.tfvars:3: sources.events.format: expected "json" or "csv"; got nothing. Set sources.events.format = "json" or sources.events.format = "csv"
sources = {
  events = {}
}
