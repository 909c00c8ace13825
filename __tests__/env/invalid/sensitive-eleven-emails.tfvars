# sensitive-eleven-emails.tfvars:2: alert_emails: expected at most ten e-mail addresses; got a value that is not shown. Correct it, or remove it for the default, []
alert_emails = [
  "person0@example.org",
  "person1@example.org",
  "person2@example.org",
  "person3@example.org",
  "person4@example.org",
  "person5@example.org",
  "person6@example.org",
  "person7@example.org",
  "person8@example.org",
  "person9@example.org",
  "person10@example.org",
]
