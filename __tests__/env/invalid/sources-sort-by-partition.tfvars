# sources-sort-by-partition.tfvars:3: sources.flights.sort_by: expected columns other than year, month and day, of which a file has one value each; got ["origin","day"]. Correct it or remove it
sources = {
  flights = { format = "json", sort_by = ["origin", "day"] }
}
