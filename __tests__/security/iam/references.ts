/** What Terraform's references come to in an account, from what a stack configures. */
import type { Block } from "../../support/synth";

/** What a stack does not say, since AWS or the account does. */
export interface Facts {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** What AWS numbers, by address: `{ "aws_kms_key.lake": "1234abcd-…" }`. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Terraform's JSON, as far as references reach. */
export interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

const REGIONAL = "{region}:{account}";

/**
 * Computed attributes: what AWS makes of what is configured. In braces stand facts, the resource's
 * own attributes (after a bar what stands for one that is not configured), and `#`, the id that
 * AWS gives. ARNs are those of the Service Authorization Reference, "Resource types defined by …";
 * ids those of the AWS provider's documentation, "Attribute Reference".
 */
const COMPUTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_athena_workgroup: named(`athena:${REGIONAL}:workgroup/{name}`),
  aws_budgets_budget: { arn: arn("budgets::{account}:budget/{name}"), id: "{account}:{name}" },
  aws_cloudwatch_event_rule: named(`events:${REGIONAL}:rule/{name}`),
  aws_cloudwatch_log_group: named(`logs:${REGIONAL}:log-group:{name}`),
  aws_cloudwatch_metric_alarm: {
    arn: arn(`cloudwatch:${REGIONAL}:alarm:{alarm_name}`),
    id: "{alarm_name}",
  },
  aws_dynamodb_table: named(`dynamodb:${REGIONAL}:table/{name}`),
  aws_emrserverless_application: numbered(`emr-serverless:${REGIONAL}:/applications/{#}`),
  aws_glue_catalog_database: {
    arn: arn(`glue:${REGIONAL}:database/{name}`),
    id: "{account}:{name}",
  },
  aws_glue_crawler: named(`glue:${REGIONAL}:crawler/{name}`),
  aws_glue_security_configuration: { id: "{name}" },
  aws_iam_role: named("iam::{account}:role{path|/}{name}"),
  aws_kms_alias: { arn: arn(`kms:${REGIONAL}:{name}`), id: "{name}" },
  aws_kms_key: { ...numbered(`kms:${REGIONAL}:key/{#}`), key_id: "{#}" },
  aws_lambda_function: {
    arn: arn(`lambda:${REGIONAL}:function:{function_name}`),
    id: "{function_name}",
  },
  aws_s3_bucket: { arn: arn("s3:::{bucket}"), id: "{bucket}" },
  aws_security_group: numbered(`ec2:${REGIONAL}:security-group/{#}`),
  aws_sfn_state_machine: identified(`states:${REGIONAL}:stateMachine:{name}`),
  aws_sns_topic: identified(`sns:${REGIONAL}:{name}`),
  aws_sqs_queue: {
    arn: arn(`sqs:${REGIONAL}:{name}`),
    id: "https://sqs.{region}.amazonaws.com/{account}/{name}",
    url: "https://sqs.{region}.amazonaws.com/{account}/{name}",
  },
  aws_subnet: numbered(`ec2:${REGIONAL}:subnet/{#}`),
  aws_vpc: numbered(`ec2:${REGIONAL}:vpc/{#}`),
  aws_vpc_endpoint: numbered(`ec2:${REGIONAL}:vpc-endpoint/{#}`),
  "data.aws_caller_identity": { account_id: "{account}" },
  "data.aws_partition": { partition: "{partition}", dns_suffix: "amazonaws.com" },
  "data.aws_region": { name: "{region}", region: "{region}" },
};

function arn(rest: string): string {
  return `arn:{partition}:${rest}`;
}
function named(rest: string) {
  return { arn: arn(rest), id: "{name}" };
}
/** Terraform's id of these is the ARN. */
function identified(rest: string) {
  return { arn: arn(rest), id: arn(rest) };
}
function numbered(rest: string) {
  return { arn: arn(rest), id: "{#}" };
}

/** Ids as AWS would number them, made up, for every resource of a stack that needs one. */
export function exampleIds({ resource = {} }: Configuration): Record<string, string> {
  return Object.fromEntries(
    Object.entries(COMPUTED)
      .filter(([, attributes]) => Object.values(attributes).some((text) => text.includes("{#}")))
      .flatMap(([type]) => Object.keys(resource[type] ?? {}).map((name) => `${type}.${name}`))
      .map((address, index) => [address, `id-${index + 1}-of-${address.split(".")[1]}`]),
  );
}

/** Resolves the references of one stack. */
export class References {
  constructor(
    private readonly configuration: Configuration,
    private readonly facts: Facts,
  ) {}

  /**
   * A text with each reference replaced.
   * @throws Error that names a reference which is not known here, or a number that `ids` lacks
   */
  text(template: string): string {
    return template.replace(/(\$?)\$\{([^}]*)\}/g, (_, escaped: string, expression: string) =>
      escaped ? `\${${expression}}` : this.value(expression),
    );
  }

  /** One attribute of a resource, by its address. */
  attribute(address: string, name: string): string {
    const [type = "", id = ""] = address.split(/\.(?=[^.]+$)/);
    const block = this.block(type, id);
    const computed = COMPUTED[type]?.[name];
    if (computed !== undefined) return this.fill(computed, address);
    const configured = block?.[name];
    if (configured === undefined)
      throw new Error(`${address}.${name}: not configured, and references.ts knows no value of it`);
    return this.text(String(configured));
  }

  private value(expression: string): string {
    const parts = /^((?:data\.)?\w+\.\w+)\.(\w+)$/.exec(expression);
    if (parts?.[1] === undefined || parts[2] === undefined)
      throw new Error(`\${${expression}}: references.ts knows references alone, no expressions`);
    return this.attribute(parts[1], parts[2]);
  }

  private fill(template: string, address: string): string {
    return template.replace(
      /\{([\w#]+)(?:\|([^}]*))?\}/g,
      (_, name: string, otherwise?: string) => {
        if (name === "#") return this.id(address);
        if (name === "account" || name === "region" || name === "partition")
          return this.facts[name];
        const [type = "", id = ""] = address.split(".");
        if (otherwise !== undefined && this.block(type, id)?.[name] === undefined) return otherwise;
        return this.attribute(address, name);
      },
    );
  }

  private id(address: string): string {
    const id = this.facts.ids[address];
    if (id === undefined)
      throw new Error(`${address} is numbered by AWS: give its id in facts.ids`);
    return id;
  }

  private block(type: string, id: string): Block {
    const { resource, data } = this.configuration;
    const block = type.startsWith("data.") ? data?.[type.slice(5)]?.[id] : resource?.[type]?.[id];
    if (block === undefined) throw new Error(`${type}.${id} is not in the stack`);
    return block;
  }
}
