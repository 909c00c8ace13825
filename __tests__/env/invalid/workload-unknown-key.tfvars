# workload-unknown-key.tfvars:3: workload.gb_a_day: unknown key. Did you mean gb_per_day?
workload = {
  gb_a_day = 5
}
