# bound-ingest-batch-window-seconds-too-high.tfvars:2: ingest_batch_window_seconds: expected a whole number of seconds from 0 to 300; got 301. Set ingest_batch_window_seconds = 300
ingest_batch_window_seconds = 301
