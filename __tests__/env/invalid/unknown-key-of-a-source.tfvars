# unknown-key-of-a-source.tfvars:5: sources.events.shema: unknown key. Did you mean schema?
sources = {
  events = {
    format = "json"
    shema  = "id BIGINT"
  }
}
