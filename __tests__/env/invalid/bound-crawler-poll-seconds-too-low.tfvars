# bound-crawler-poll-seconds-too-low.tfvars:2: crawler_poll_seconds: expected a whole number of seconds from 1 to 300; got 0. Set crawler_poll_seconds = 1
crawler_poll_seconds = 0
