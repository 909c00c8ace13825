# type-flag-encrypt-catalog-in-words.tfvars:2: encrypt_glue_catalog: expected true or false; got "no". Correct it, or remove it for the default, false
encrypt_glue_catalog = "no"
