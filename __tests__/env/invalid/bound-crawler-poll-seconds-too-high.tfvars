# bound-crawler-poll-seconds-too-high.tfvars:2: crawler_poll_seconds: expected a whole number of seconds from 1 to 300; got 301. Set crawler_poll_seconds = 300
crawler_poll_seconds = 301
