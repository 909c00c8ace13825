# syntax-quotes-missing-in-a-source.tfvars:3: sources.events.format: json is a reference, and plain values are expected: text stands in quotes. Set sources.events.format = "json"
sources = {
  events = { format = json }
}
