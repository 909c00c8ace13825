# workload-too-high.tfvars:3: workload.runs_per_day: expected a number of runs from 0 to 10000; got 86400. Set workload.runs_per_day = 10000
workload = {
  runs_per_day = 86400
}
