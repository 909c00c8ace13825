# syntax-quotes-missing.tfvars:2: project: lake is a reference, and plain values are expected: text stands in quotes. Set project = "lake"
project = lake
