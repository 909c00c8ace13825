# unknown-key-of-a-source-like-no-other.tfvars:3: sources.events.owner: unknown key; there are: format, schema, layout, sort_by, max_quarantined_percent, alarm_quarantined_percent, expected_every_hours, expected_minutes. Remove it
sources = {
  events = { format = "json", owner = "us" }
}
