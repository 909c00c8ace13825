# Development: small, no VPC, nothing kept warm. The capacity figures are the template's.
project = "data-lake" # S3 names are global: put your own here, in every environment

sources = {
  events = { format = "json" }
}

emr_max_workers      = 5
emr_worker_cpu       = 2
emr_worker_memory    = 8
spark_driver_cores   = 2
spark_executor_cores = 2
spark_max_executors  = 3
enable_vpc           = false # saves about 30 USD a month
enable_pre_warming   = false

# A sample of what production gets, ingested four times a day. npx lake cost dev
workload = {
  gb_per_day      = 1
  files_per_day   = 100
  runs_per_day    = 4
  queries_per_day = 20
  gb_per_query    = 0.1
}

monthly_budget_usd = 50
retain_data        = false # `destroy` takes the data along
