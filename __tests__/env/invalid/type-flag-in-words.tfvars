# type-flag-in-words.tfvars:2: enable_pre_warming: expected true or false; got "yes". Correct it, or remove it for the default, false
enable_pre_warming = "yes"
