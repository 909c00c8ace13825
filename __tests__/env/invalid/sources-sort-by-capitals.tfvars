# sources-sort-by-capitals.tfvars:5: sources.flights.sort_by.0: expected a column as the table spells it: lower-case letters, digits and underscores; got "Origin". Correct it
sources = {
  flights = {
    format  = "csv"
    sort_by = ["Origin"]
  }
}
