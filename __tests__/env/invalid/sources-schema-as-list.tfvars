# sources-schema-as-list.tfvars:5: sources.events.schema: expected Spark DDL as text; got ["id BIGINT"]. Correct it or remove it
sources = {
  events = {
    format = "csv"
    schema = ["id BIGINT"]
  }
}
