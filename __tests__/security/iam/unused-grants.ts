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

export const UNUSED_GRANTS: readonly UnusedGrant[] = [
  abortedUploads("ProcessedWrite"),
  abortedUploads("RunsWrite"),
];
