# unknown-key-of-a-source-like-no-other.tfvars:3: sources.events.owner: unknown key; there are: format, schema, layout, max_quarantined_percent. Remove it
sources = {
  events = { format = "json", owner = "us" }
}
