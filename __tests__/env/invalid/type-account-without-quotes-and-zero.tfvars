# type-account-without-quotes-and-zero.tfvars:2: account_id: expected twelve digits, in quotes; got 12345678901. Correct it or remove it
account_id = 012345678901
