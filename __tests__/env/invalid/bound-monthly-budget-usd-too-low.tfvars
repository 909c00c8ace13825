# bound-monthly-budget-usd-too-low.tfvars:2: monthly_budget_usd: expected an amount in USD above 0; got 0. Correct it, or remove it for the default, 500
monthly_budget_usd = 0
