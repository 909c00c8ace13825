# type-account-without-quotes.tfvars:2: account_id: expected twelve digits, in quotes; got 123456789012. Set account_id = "123456789012", in quotes
account_id = 123456789012
