# unknown-key-of-a-source-like-no-other.tfvars:3: sources.events.owner: unknown key; there are: format, schema. Remove it
sources = {
  events = { format = "json", owner = "us" }
}
