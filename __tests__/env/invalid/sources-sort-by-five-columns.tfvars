# sources-sort-by-five-columns.tfvars:3: sources.flights.sort_by: expected at most 4 columns: of a fifth, no statistics tell; got ["origin","destination","date","delay","distance"]. Correct it or remove it
sources = {
  flights = { format = "json", sort_by = ["origin", "destination", "date", "delay", "distance"] }
}
