# sources-schema-empty.tfvars:3: sources.events.schema: expected Spark DDL, or no schema at all; got "". Correct it or remove it
sources = {
  events = { format = "json", schema = "" }
}
