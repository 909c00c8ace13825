# bound-emr-idle-timeout-minutes-too-high.tfvars:2: emr_idle_timeout_minutes: expected a whole number of minutes from 1 to 10080; got 10081. Set emr_idle_timeout_minutes = 10080
emr_idle_timeout_minutes = 10081
