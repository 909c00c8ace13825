# The lake on this machine: `npm start`, `npm test`, `npx lake local up`.
# The local AWS answers for account 123456789012; no real account is this one.
account_id = "123456789012"
project    = "lake"

sources = {
  flights = { format = "json" }
}

# Spark runs on this machine's cores: small, but by the same arithmetic.
emr_max_workers          = 2
emr_worker_cpu           = 2
emr_worker_memory        = 4
spark_executor_instances = 0
spark_max_executors      = 1

# Nobody waits for a cloud here.
ingest_batch_window_seconds = 1
crawler_poll_seconds        = 1

encrypt_glue_catalog = true

retain_data        = false
monthly_budget_usd = 50
