# syntax-block-for-a-map.tfvars:2: syntax: a block, and NAME = VALUE is expected. Write tags = { … }
tags {
  Team = "data"
}
