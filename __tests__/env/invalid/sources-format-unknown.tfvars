# sources-format-unknown.tfvars:5: sources.flights.format: expected "json" or "csv"; got "xml". Set sources.flights.format = "json" or sources.flights.format = "csv"
sources = {
  events = { format = "json" }
  flights = {
    format = "xml"
  }
}
