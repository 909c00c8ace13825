import type { TerraformStack } from "cdktf";

/** The first Terraform, and OpenTofu, whose S3 backend locks without DynamoDB. */
const REQUIRED_VERSION = ">= 1.10";

/** Lets older versions of Terraform refuse with a clear word; cdktf has no property for it. */
export function requireTerraform(stack: TerraformStack): void {
  stack.addOverride("terraform.required_version", REQUIRED_VERSION);
}
