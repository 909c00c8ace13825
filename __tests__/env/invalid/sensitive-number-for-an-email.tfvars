# sensitive-number-for-an-email.tfvars:2: alert_emails.0: expected an e-mail address; got a value that is not shown. Correct it or remove it
alert_emails = [4915112345678]
