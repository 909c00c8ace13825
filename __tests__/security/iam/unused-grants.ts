/**
 * Grants that no recorded call uses, each with why it stays. Reviewed by hand; an entry that is
 * used after all, or gone, fails.
 */
import type { UnusedGrant } from "./grants";

export const UNUSED_GRANTS: readonly UnusedGrant[] = [
  {
    policy: "aws_iam_role_policy.emr_execution",
    action: "s3:AbortMultipartUpload",
    reason: "only an upload that dies is aborted; without it its parts stay for a week, unseen",
  },
];
