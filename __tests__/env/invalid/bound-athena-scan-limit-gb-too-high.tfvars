# bound-athena-scan-limit-gb-too-high.tfvars:2: athena_scan_limit_gb: expected a whole number of GB from 1 to 7000000; got 7000001. Set athena_scan_limit_gb = 7000000
athena_scan_limit_gb = 7000001
