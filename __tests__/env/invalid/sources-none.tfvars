# sources-none.tfvars:2: sources: expected at least one source; got {}. Correct it, or remove it for the default, { events = { format = "json", layout = "iceberg", max_quarantined_percent = 10 } }
sources = {}
