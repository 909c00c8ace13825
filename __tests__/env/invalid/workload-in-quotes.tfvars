# workload-in-quotes.tfvars:3: workload.queries_per_day: expected a number of queries from 0 to 10000000; got "20". Set workload.queries_per_day = 20
workload = {
  queries_per_day = "20"
}
