# type-tags-as-list.tfvars:2: tags: expected a map of text, such as { Team = "data" }; got ["data"]. Correct it, or remove it for the default, {}
tags = ["data"]
