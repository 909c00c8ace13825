# text-tag-key-of-aws.tfvars:3: tags.aws:team: expected a name of 1 to 128 letters, digits, spaces and + - = . _ : / @, not beginning with aws:; got "aws:team". Rename it
tags = {
  "aws:team" = "data"
}
