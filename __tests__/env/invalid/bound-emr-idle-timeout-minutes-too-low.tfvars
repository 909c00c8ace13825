# bound-emr-idle-timeout-minutes-too-low.tfvars:2: emr_idle_timeout_minutes: expected a whole number of minutes from 1 to 10080; got 0. Set emr_idle_timeout_minutes = 1
emr_idle_timeout_minutes = 0
