# bound-ingest-batch-window-seconds-too-low.tfvars:2: ingest_batch_window_seconds: expected a whole number of seconds from 0 to 300; got -1. Set ingest_batch_window_seconds = 0
ingest_batch_window_seconds = -1
