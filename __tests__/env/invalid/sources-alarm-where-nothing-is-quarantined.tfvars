# sources-alarm-where-nothing-is-quarantined.tfvars:3: sources.flights.alarm_quarantined_percent: expected none: it must be less than max_quarantined_percent (0), above which the run fails by itself; got 0. Correct it or remove it
sources = {
  flights = { format = "json", max_quarantined_percent = 0, alarm_quarantined_percent = 0 }
}
