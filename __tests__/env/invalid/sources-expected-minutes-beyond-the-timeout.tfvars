# sources-expected-minutes-beyond-the-timeout.tfvars:6: job_timeout_minutes: a job is cancelled after job_timeout_minutes (65): for an alarm on one of flights that runs longer than its expected_minutes (60), 10 minutes more are needed. Set job_timeout_minutes = 70
sources = {
  flights = { format = "json", expected_minutes = 60 }
}

job_timeout_minutes = 65
