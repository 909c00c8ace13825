# sensitive-email.tfvars:4: alert_emails.1: expected an e-mail address; got a value that is not shown. Correct it or remove it
alert_emails = [
  "on-call@example.org",
  "secret-person-at-example.org",
]
