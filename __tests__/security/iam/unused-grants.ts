/**
 * Grants that no recorded call uses, each with why it stays. Reviewed by hand; an entry that is
 * used after all, or gone, fails.
 */
import type { UnusedGrant } from "./grants";

/** Each statement by itself, or one that goes would leave its entry to another. */
function abortedUploads(statement: string): UnusedGrant {
  return {
    policy: "aws_iam_role_policy.emr_execution",
    statement,
    action: "s3:AbortMultipartUpload",
    reason: "only an upload that dies is aborted; without it its parts stay for a week, unseen",
  };
}

/** AWS's own crawler may call what our emulation of it does not. */
function awsCrawler(action: string): UnusedGrant {
  return {
    policy: "aws_iam_role_policy.glue_crawler",
    statement: "KeepTables",
    action: `glue:${action}`,
    reason:
      "AWS's crawler looks up and changes single partitions; AWS's page gives it all of glue:* (Glue Developer Guide, Crawler prerequisites)",
  };
}

export const UNUSED_GRANTS: readonly UnusedGrant[] = [
  abortedUploads("ProcessedWrite"),
  abortedUploads("WriteRuns"),
  abortedUploads("WriteJobLogs"),
  {
    policy: "aws_iam_role_policy.emr_execution",
    statement: "CommitTables",
    action: "glue:DeleteTable",
    reason:
      "only a first run that dies before its first row leaves a table that the next one drops",
  },
  awsCrawler("GetDatabase"),
  awsCrawler("GetPartition"),
  awsCrawler("BatchGetPartition"),
  awsCrawler("CreatePartition"),
  awsCrawler("UpdatePartition"),
  {
    policy: "aws_iam_role_policy.glue_crawler",
    statement: "ReadSecurityConfiguration",
    action: "glue:GetSecurityConfiguration",
    reason: "AWS's crawler reads its configuration with its role; the emulated one has it at hand",
  },
];
