# workload-number.tfvars:2: workload: expected a map, such as { gb_per_day = 5 }; got 5. Correct it, or remove it for the default, { gb_per_day = 1, files_per_day = 100, runs_per_day = 4, queries_per_day = 20, gb_per_query = 0.1, vcpu_hours_per_gb = 1.3 }
workload = 5
