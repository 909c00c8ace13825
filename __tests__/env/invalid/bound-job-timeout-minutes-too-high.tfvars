# bound-job-timeout-minutes-too-high.tfvars:2: job_timeout_minutes: expected a whole number of minutes from 5 to 10080; got 10081. Set job_timeout_minutes = 10080
job_timeout_minutes = 10081
