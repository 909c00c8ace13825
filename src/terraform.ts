/** What both stacks of an environment ask of Terraform itself. */
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, TerraformOutput, type TerraformStack } from "cdktf";
import { Place } from "./place";

/** The first Terraform, and OpenTofu, whose S3 backend locks without DynamoDB. */
const REQUIRED_VERSION = ">= 1.10";

/** Lets older versions of Terraform refuse with a clear word; cdktf has no property for it. */
export function requireTerraform(stack: TerraformStack): void {
  stack.addOverride("terraform.required_version", REQUIRED_VERSION);
}

/** Keeps the stack's state in the state bucket, under the stack's own key, locked by S3 itself. */
export function keepStateIn(bucket: string, region: string, stack: TerraformStack): void {
  const key = `${stack.node.id}/terraform.tfstate`;
  const backend = new S3Backend(stack, { bucket, key, region, encrypt: true });
  // cdktf 0.21 has no property for it.
  backend.addOverride("use_lockfile", true);
}

export interface AccountProps {
  readonly region: string;
  /** The one account that may be touched. @default whichever the credentials name */
  readonly accountId?: string | undefined;
  /** On every resource. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Where the stack is deployed to. */
export function useAccount(stack: TerraformStack, { region, accountId, tags }: AccountProps): void {
  new AwsProvider(stack, "aws", {
    region,
    ...(accountId && { allowedAccountIds: [accountId] }),
    defaultTags: [{ tags }],
  });
}

/** The account and partition of whoever runs Terraform, and the region of the environment. */
export function placeOf(stack: TerraformStack, region: string): Place {
  const { accountId } = new DataAwsCallerIdentity(stack, "current.account");
  const { partition } = new DataAwsPartition(stack, "current.partition");
  return new Place(partition, region, accountId);
}

/** Output that holds the estimate of what is deployed. */
export const ESTIMATE_OUTPUT = "monthly_estimate";

/**
 * Keeps the month's estimate in the state, so that a plan can tell what a change adds to it.
 * @param usdByLine USD a month by the key of a line
 */
export function keepEstimate(
  stack: TerraformStack,
  usdByLine: Readonly<Record<string, number>>,
): void {
  new TerraformOutput(stack, ESTIMATE_OUTPUT, {
    description: "USD that a month is expected to cost, by line; npx lake cost says more",
    value: usdByLine,
  });
}
