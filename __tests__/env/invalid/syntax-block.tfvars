# syntax-block.tfvars:2: syntax: a block, and NAME = VALUE is expected. Remove it
variable "project" {
  default = "lake"
}
