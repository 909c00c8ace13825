# sources-sort-by-twice.tfvars:3: sources.flights.sort_by: expected each column once; got ["origin","origin"]. Correct it or remove it
sources = {
  flights = { format = "csv", sort_by = ["origin", "origin"] }
}
