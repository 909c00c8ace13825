/** The key of a job's logs: who uses it, and who must be able to before a job is taken at all. */
import { globalContext, type KnownCall } from "./calls";
import type { ResolvedStack } from "./resolve";
import { byService, jobsOf } from "./services";

const ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"];
/**
 * "If the user who submits the job lacks the KMS key permissions, EMR Serverless rejects the job
 * run submission"; the job's role and the service itself need the same.
 */
const SOURCE =
  "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html";

/** By the role that submits the job, and by the job's. */
export function logKeyOfRoles(stack: ResolvedStack): KnownCall[] {
  return jobsOf(stack).flatMap(({ role, submitter, logKey, startedBy }) =>
    logKey === undefined
      ? []
      : [role, submitter].flatMap((principal) =>
          ACTIONS.map((action) => ({
            principal,
            action,
            resource: logKey,
            context: {
              ...globalContext(principal, action, stack),
              "kms:ViaService": `emr-serverless.${stack.region}.amazonaws.com`,
            },
            because: `the logs of a job of ${startedBy} are encrypted`,
            source: SOURCE,
          })),
        ),
  );
}

/** By EMR Serverless under its own name. */
export function logKeyOfService(stack: ResolvedStack): KnownCall[] {
  return jobsOf(stack).flatMap(({ logKey, application, startedBy }) =>
    logKey === undefined
      ? []
      : ACTIONS.map((action) =>
          byService(stack, {
            principal: "emr-serverless.amazonaws.com",
            action,
            resource: logKey,
            sourceArn: application,
            because: `the logs of a job of ${startedBy} are encrypted`,
            source: SOURCE,
          }),
        ),
  );
}
