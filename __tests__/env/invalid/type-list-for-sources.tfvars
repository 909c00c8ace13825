# type-list-for-sources.tfvars:2: sources: expected a map of sources, such as { events = { format = "json" } }; got ["events"]. Correct it, or remove it for the default, { events = { format = "json", layout = "iceberg", max_quarantined_percent = 10 } }
sources = ["events"]
