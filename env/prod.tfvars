# Production. The capacity figures are the template's.
project = "data-lake"

sources = {
  # Files come all day long; a run of a day's files takes 15 to 20 minutes.
  events = { format = "json", expected_every_hours = 6, expected_minutes = 60 }
}

emr_max_workers      = 100
emr_worker_cpu       = 4
emr_worker_memory    = 16
spark_driver_cores   = 4
spark_executor_cores = 4
spark_max_executors  = 20
enable_vpc           = true
enable_pre_warming   = true

encrypt_glue_catalog = true # for the whole account in this region: in one environment at most

# Every four hours; four times the 5 GB of the template's benchmark. npx lake cost prod
workload = {
  gb_per_day      = 20
  files_per_day   = 2000
  runs_per_day    = 6
  queries_per_day = 200
  gb_per_query    = 0.5
}

monthly_budget_usd = 500
