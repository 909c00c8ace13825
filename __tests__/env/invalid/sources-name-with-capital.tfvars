# sources-name-with-capital.tfvars:3: sources.Events: expected a name of lower-case letters, digits and underscores, at most 63; got "Events". Rename it
sources = {
  Events = { format = "json" }
}
