# text-tag-key-empty.tfvars:3: tags.: expected a name of 1 to 128 letters, digits, spaces and + - = . _ : / @, not beginning with aws:; got "". Rename it
tags = {
  "" = "data"
}
