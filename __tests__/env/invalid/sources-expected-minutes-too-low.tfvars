# sources-expected-minutes-too-low.tfvars:3: sources.flights.expected_minutes: expected a whole number of minutes from 1 to 10080; got 0. Set sources.flights.expected_minutes = 1
sources = {
  flights = { format = "json", expected_minutes = 0 }
}
