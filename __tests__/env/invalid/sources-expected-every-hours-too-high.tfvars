# sources-expected-every-hours-too-high.tfvars:3: sources.flights.expected_every_hours: expected a whole number of hours from 1 to 168; got 169. Set sources.flights.expected_every_hours = 168
sources = {
  flights = { format = "json", expected_every_hours = 169 }
}
