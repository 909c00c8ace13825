# syntax-single-quotes.tfvars:2: syntax: Invalid character; Single quotes are not valid. Use double quotes (") to enclose strings.
project = 'lake'
