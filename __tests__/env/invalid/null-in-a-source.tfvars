# null-in-a-source.tfvars:5: sources.events.schema: expected Spark DDL as text; got null. Correct it or remove it
sources = {
  events = {
    format = "json"
    schema = null
  }
}
