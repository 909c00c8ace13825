import type { TerraformStack } from "cdktf";
import { expect, test } from "vitest";
import { requireTerraform } from "../src/terraform";
import { synthScope } from "./support/synth";

test("Terraform older than S3's own locking refuses the stack by its version", () => {
  const stack = synthScope((scope) => requireTerraform(scope as TerraformStack));
  expect(stack.terraform.required_version).toBe(">= 1.10");
});
