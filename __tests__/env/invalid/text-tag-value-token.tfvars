# text-tag-value-token.tfvars:3: tags.Team: expected at most 256 letters, digits, spaces and + - = . _ : / @; got "&{TfToken[TOKEN.0]}". Correct it or remove it
tags = {
  Team = "&{TfToken[TOKEN.0]}"
}
