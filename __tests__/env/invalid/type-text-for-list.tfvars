# type-text-for-list.tfvars:2: alert_emails: expected a list of e-mail addresses; got a value that is not shown. Correct it, or remove it for the default, []
alert_emails = "a@example.org"
