# type-text-for-a-source.tfvars:3: sources.events: expected a map, such as { format = "json" }; got "json". Correct it
sources = {
  events = "json"
}
