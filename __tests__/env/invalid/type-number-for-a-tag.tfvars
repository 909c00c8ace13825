# type-number-for-a-tag.tfvars:3: tags.CostCentre: expected text in quotes; got 4711. Set tags.CostCentre = "4711"
tags = {
  CostCentre = 4711
}
