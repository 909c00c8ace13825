# bound-job-timeout-minutes-too-low.tfvars:2: job_timeout_minutes: expected a whole number of minutes from 5 to 10080; got 4. Set job_timeout_minutes = 5
job_timeout_minutes = 4
