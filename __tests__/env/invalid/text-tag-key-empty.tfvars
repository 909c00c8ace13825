# text-tag-key-empty.tfvars:3: tags.: expected a name of 1 to 128 characters; got "". Rename it
tags = {
  "" = "data"
}
