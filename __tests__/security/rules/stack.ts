/** What holds for a stack as a whole: its tags, its account, its references, its silence. */
import { defaultTags, physicalNames } from "../../../src/naming";
import { allResources, type Rule, resources, verdict } from "./rule";

const REFERENCE = /(data\.)?\b(aws_\w+)\.(\w+)(?=[.[])/g;

/** Each resource has the environment's tags by the provider, and cannot lose them by its own. */
export const tags: Rule = {
  name: "every resource is tagged",
  check(subject) {
    const [environment = ""] = [subject.name.replace(/^(data-lake|state)-/, "")];
    const { project, tags: own } = subject.variables;
    const wanted = defaultTags({ project, environment, tags: own });
    const found = subject.stack.provider("aws").default_tags?.[0]?.tags ?? {};
    return [
      ...Object.entries(wanted).map(([key, value]) =>
        verdict("provider.aws", `default tag ${key} = ${value}`, found[key], found[key] === value),
      ),
      ...allResources(subject).map(({ address, block }) => {
        const clash = Object.keys(block.tags ?? {}).filter((key) => key in wanted);
        return verdict(address, "no tag that hides a default tag", clash, clash.length === 0);
      }),
    ];
  },
};

export const account: Rule = {
  name: "Terraform touches the environment's account and region alone",
  check({ stack, variables }) {
    const { allowed_account_ids: found, region, ...rest } = stack.provider("aws");
    const wanted = variables.account_id === undefined ? undefined : [variables.account_id];
    const secrets = Object.keys(rest).filter((key) => /key|token|secret|profile/.test(key));
    return [
      verdict(
        "provider.aws",
        `allowed_account_ids to be ${wanted ?? "nothing"}`,
        found,
        JSON.stringify(found) === JSON.stringify(wanted),
      ),
      verdict(
        "provider.aws",
        `region to be ${variables.aws_region}`,
        region,
        region === variables.aws_region,
      ),
      verdict("provider.aws", "no credentials", secrets, secrets.length === 0),
    ];
  },
};

/** The state lies in the environment's own bucket, encrypted, and one at a time writes it. */
export const backend: Rule = {
  name: "the state is stored safely",
  check(subject) {
    const { kind, variables, stack, name } = subject;
    const { s3, local } = stack.terraform.backend ?? {};
    // The bucket's own state begins beside the project: the bucket is not there yet.
    if (kind === "state" && !variables.state_in_bucket)
      return [
        verdict("terraform", "a local backend", stack.terraform.backend, local !== undefined),
      ];
    const { bucket } = physicalNames({
      project: variables.project,
      environment: name.replace(/^(data-lake|state)-/, ""),
      bucketSuffix: variables.bucket_suffix,
    });
    const key = `${name}/terraform.tfstate`;
    return [
      verdict("terraform", `key ${key}`, s3?.key, s3?.key === key),
      verdict(
        "terraform",
        `region ${variables.aws_region}`,
        s3?.region,
        s3?.region === variables.aws_region,
      ),
      verdict("terraform", "encrypt to be true", s3?.encrypt, s3?.encrypt === true),
      verdict("terraform", "use_lockfile to be true", s3?.use_lockfile, s3?.use_lockfile === true),
      verdict("terraform", `bucket ${bucket.state}`, s3?.bucket, s3?.bucket === bucket.state),
    ];
  },
};

/** What runs with the account's credentials is one version of one provider. */
export const pinned: Rule = {
  name: "the provider is pinned",
  check({ stack }) {
    const { required_providers: providers, required_version: version } = stack.terraform;
    const found = JSON.stringify(providers);
    return [
      verdict("terraform", "one version of aws", found, found === PROVIDERS),
      verdict("terraform", "a least version", version, /^>= \d+\.\d+$/.test(version)),
    ];
  },
};

/** A reference to what is not there is refused by Terraform; here it is found without it. */
export const references: Rule = {
  name: "every reference leads to something",
  check(subject) {
    const all = new Set(subject.stack.addresses());
    return allResources(subject).map(({ address, block }) => {
      const lost = [
        ...expressions(JSON.stringify(block)),
        ...(block.depends_on ?? []).map((one: string) => `${one}.`),
      ]
        .flatMap((expression) => [...expression.matchAll(REFERENCE)])
        .map(([, data = "", type, name]) => `${data}${type}.${name}`)
        .filter((one) => !all.has(one));
      return verdict(address, "references to what is in the stack", lost, lost.length === 0);
    });
  },
};

const PROVIDERS = JSON.stringify({ aws: { source: "aws", version: "5.100.0" } });

/** A name that was never given, or a token that cdktf did not resolve, goes unnoticed in a text. */
export const resolved: Rule = {
  name: "every value is known",
  check: (subject) =>
    allResources(subject).map(({ address, block }) => {
      const text = JSON.stringify(block);
      const at = text.search(/\bundefined\b|\[object Object\]|TfToken\[/);
      const found = at < 0 ? undefined : text.slice(Math.max(0, at - 30), at + 20);
      return verdict(address, "no value that is undefined", found, found === undefined);
    }),
};

const SECRETS: Readonly<Record<string, RegExp>> = {
  "an access key id": /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  "a field for one": /"[^"]*(password|secret|access_key|token)[^"]*":\s*"[^"]+"/i,
};

export const secrets: Rule = {
  name: "nothing looks like a secret",
  check: ({ name, stack }) =>
    Object.entries(SECRETS).map(([what, pattern]) => {
      const found = pattern.exec(stack.text.replaceAll("ClientToken", ""))?.[0];
      return verdict(name, `not ${what}`, found, found === undefined);
    }),
};

function expressions(text: string): string[] {
  return [...text.matchAll(/\$\{[^}]*\}/g)].map(([expression]) => expression);
}

/** Whether a stack has at least one resource of a type that the rules are about. */
export const inhabited: Rule = {
  name: "there is something to look at",
  check: (subject) =>
    (subject.kind === "lake"
      ? [
          "aws_s3_bucket",
          "aws_sqs_queue",
          "aws_sns_topic",
          "aws_cloudwatch_log_group",
          "aws_kms_key",
          "aws_iam_role",
        ]
      : ["aws_s3_bucket"]
    ).map((type) => {
      const found = resources(subject, type).length;
      return verdict(type, "at least one", found, found > 0);
    }),
};
