# expression-function.tfvars:2: emr_max_workers: holds an expression, and plain values are expected. Write the value itself
emr_max_workers = max(4, 5)
