# Staging: prod's shape at a tenth of its size.
project = "data-lake"

sources = {
  # Fed once a day, at no fixed hour.
  events = { format = "json", expected_every_hours = 36, expected_minutes = 60 }
}

emr_max_workers      = 20
emr_worker_cpu       = 4
emr_worker_memory    = 16
spark_driver_cores   = 4
spark_executor_cores = 4
spark_max_executors  = 10
enable_vpc           = true
enable_pre_warming   = false

# A tenth of production's data, once a day.
workload = {
  gb_per_day      = 2
  files_per_day   = 200
  runs_per_day    = 1
  queries_per_day = 20
  gb_per_query    = 0.1
}

monthly_budget_usd = 500
