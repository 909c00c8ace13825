# bound-athena-scan-limit-gb-too-low.tfvars:2: athena_scan_limit_gb: expected a whole number of GB from 1 to 7000000; got 0. Set athena_scan_limit_gb = 1
athena_scan_limit_gb = 0
