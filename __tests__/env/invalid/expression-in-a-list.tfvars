# expression-in-a-list.tfvars:2: alert_emails.0: holds an expression, and plain values are expected. Write the value itself
alert_emails = [var.on_call]
