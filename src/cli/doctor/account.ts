/** Credentials, account and state buckets, against what the environments want. */
import type { Environment } from "../../config/environment";
import { plural } from "../terminal";
import type { BucketState, Identity } from "./aws";
import { type Finding, lack, ok, warning } from "./finding";

const SIGN_IN = [
  "aws sso login --profile PROFILE; export AWS_PROFILE=PROFILE",
  "or: aws configure",
];
const TOPIC = "AWS account";

/**
 * Whose account the credentials reach, and whether the environments may be deployed there.
 * @param needed whether one of these environments is what is to be deployed
 */
export function accountFindings(
  identity: Identity,
  environments: readonly Environment[],
  needed: boolean,
): Finding[] {
  if (identity.state !== "known") return [withoutIdentity(identity, needed)];
  const { account, arn } = identity;
  const fitting = environments.filter(({ variables }) => takes(variables.account_id, account));
  const others = environments.filter((one) => !fitting.includes(one));
  return [
    ...(fitting.length > 0
      ? [ok(TOPIC, `${account} as ${arn}, for ${fitting.map(described).join(", ")}`)]
      : []),
    ...others.map(({ name, variables }) =>
      lack(
        needed,
        TOPIC,
        `the credentials are of ${account} (${arn}), and ${name} may touch ${variables.account_id} alone`,
        `account_id of ${name} says so: nothing of it is read or changed with these`,
        [`sign in to ${variables.account_id}: ${SIGN_IN[0]}`],
      ),
    ),
  ];
}

/** Whether an environment may touch this account. */
export function takes(wanted: string | undefined, account: string): boolean {
  return wanted === undefined || wanted === account;
}

function described({ name, variables }: Environment): string {
  return variables.account_id === undefined ? `${name} (takes any account)` : name;
}

function withoutIdentity(
  identity: Exclude<Identity, { state: "known" }>,
  needed: boolean,
): Finding {
  const why = "whatever is deployed to AWS, or asked of it, needs them; npm start does not";
  const { state, reason } = identity;
  if (state === "none") {
    // The SDK's own words, where there is nothing at all, say no more than that.
    const more = reason.startsWith("Could not load credentials") ? "" : `: ${reason}`;
    return lack(needed, TOPIC, `no credentials${more}`, why, SIGN_IN);
  }
  if (state === "refused")
    return lack(needed, TOPIC, `AWS refuses the credentials: ${reason}`, why, SIGN_IN);
  return lack(needed, TOPIC, `AWS does not answer: ${reason}`, why, [
    "is there a network, a proxy (HTTPS_PROXY), a program in ~/.aws/config that hangs?",
  ]);
}

/** A shell that `eval "$(npx lake local up)"` turned to the local AWS asks that one, not AWS. */
export function endpointFinding(env: NodeJS.ProcessEnv): Finding | undefined {
  const endpoint = env.AWS_ENDPOINT_URL;
  if (!endpoint) return undefined;
  return warning(
    "AWS endpoint",
    `AWS_ENDPOINT_URL is ${endpoint}`,
    "this shell talks to it and not to AWS, and so does all that is started here",
    ["open another shell, or: unset AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"],
  );
}

/** The bucket of one environment's Terraform state. */
export function stateBucketFinding(
  environment: string,
  bucket: string,
  found: BucketState,
  needed: boolean,
): Finding {
  const topic = "State bucket";
  const why = `Terraform keeps the state of data-lake-${environment} in it`;
  switch (found.state) {
    case "there":
      return ok(topic, `${bucket} is there`);
    case "absent":
      return lack(needed, topic, `${bucket} is not made yet`, why, [
        `npx cdktf deploy state-${environment}`,
      ]);
    case "forbidden":
      return lack(
        needed,
        topic,
        `${bucket} is there, and S3 refuses it: another account's, or these credentials may not s3:ListBucket`,
        `${why}; names of buckets are global to all of AWS`,
        [`where it is not yours: another project or bucket_suffix in env/${environment}.tfvars`],
      );
    case "elsewhere":
      return lack(needed, topic, `${bucket} lies in another region`, why, [
        `aws_region in env/${environment}.tfvars must be the region of the bucket`,
      ]);
    default:
      return warning(topic, `${bucket}: ${found.reason}`, why);
  }
}

/** What is wrong with the files in env/. */
export function environmentsFinding(
  sound: readonly Environment[],
  faults: number,
  needed: boolean,
  command: string,
): Finding {
  const names = sound.map(({ name }) => name).join(", ");
  if (faults === 0) return ok("Environments", `${names}: valid`);
  return lack(
    needed,
    "Environments",
    `${plural(faults, "fault")} in env/ or what is given over it${names === "" ? "" : `; valid: ${names}`}`,
    "an environment with a fault cannot be planned or deployed",
    [`each fault with its remedy: ${command}`],
  );
}
