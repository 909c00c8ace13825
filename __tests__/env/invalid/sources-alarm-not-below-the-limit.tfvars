# sources-alarm-not-below-the-limit.tfvars:3: sources.flights.alarm_quarantined_percent: expected less than max_quarantined_percent (5), above which the run fails by itself; got 5. Set sources.flights.alarm_quarantined_percent = 2.5
sources = {
  flights = { format = "json", max_quarantined_percent = 5, alarm_quarantined_percent = 5 }
}
