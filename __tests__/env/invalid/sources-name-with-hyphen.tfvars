# sources-name-with-hyphen.tfvars:3: sources.my-events: expected a name of lower-case letters, digits and underscores, at most 63; got "my-events". Rename it
sources = {
  my-events = { format = "json" }
}
