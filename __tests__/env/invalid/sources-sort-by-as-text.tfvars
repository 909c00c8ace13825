# sources-sort-by-as-text.tfvars:3: sources.flights.sort_by: expected a list of columns, such as ["origin"]; got "origin". Correct it or remove it
sources = {
  flights = { format = "json", sort_by = "origin" }
}
