# syntax-key-twice-in-a-map.tfvars:4: syntax: Team is set twice in one map, on line 3 too. Keep one
tags = {
  Team = "data"
  Team = "lake"
}
