# syntax-list-left-open.tfvars:3: syntax: Missing item separator; Expected a comma to mark the beginning of the next item.
alert_emails = ["a@example.org"
project = "lake"
