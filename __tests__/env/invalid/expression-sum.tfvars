# expression-sum.tfvars:2: emr_max_workers: holds an expression, and plain values are expected. Write the value itself
emr_max_workers = 2 + 3
