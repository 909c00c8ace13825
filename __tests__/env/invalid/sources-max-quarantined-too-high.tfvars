# sources-max-quarantined-too-high.tfvars:3: sources.flights.max_quarantined_percent: expected a percentage from 0 to 100; got 101. Set sources.flights.max_quarantined_percent = 100
sources = {
  flights = { format = "json", max_quarantined_percent = 101 }
}
