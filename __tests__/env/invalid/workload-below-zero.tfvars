# workload-below-zero.tfvars:3: workload.gb_per_day: expected a number of GB from 0 to 1000000; got -1. Set workload.gb_per_day = 0
workload = {
  gb_per_day = -1
}
