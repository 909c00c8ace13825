/** The policies of one synthesized stack, as they would be in the account. */
import type { Synthesized } from "../../support/synth";
import type { Document, Statement } from "./evaluate";
import { type Configuration, exampleIds, type Facts, References } from "./references";

/**
 * What a document says something about: what a role may do, who may reach a resource, who may use a
 * key, who may take a role, or what passes a VPC endpoint.
 */
export type Kind = "identity" | "resource" | "key" | "trust" | "endpoint";

/** A document of a stack. Its name is the address it stands at, such as `aws_iam_role.x trust`. */
export interface Policy extends Document {
  readonly kind: Kind;
  /** Where it stands in Terraform's JSON: the resource, and its field. */
  readonly address: string;
  readonly field: string;
  /** ARN of the role, resource or key; of an endpoint the service's name, such as `s3`. */
  readonly target: string;
}

/** Where a type of resource holds a document, and how its target is found. */
interface Holder {
  readonly field: string;
  readonly kind: Kind;
  /** The attribute that names the target, and the type and attribute it is a value of. */
  readonly target: readonly [attribute: string, type?: string, of?: string];
}

const HOLDERS: Readonly<Record<string, Holder>> = {
  aws_iam_role: { field: "assume_role_policy", kind: "trust", target: ["arn"] },
  aws_iam_role_policy: {
    field: "policy",
    kind: "identity",
    target: ["role", "aws_iam_role", "id"],
  },
  aws_kms_key: { field: "policy", kind: "key", target: ["arn"] },
  aws_kms_key_policy: { field: "policy", kind: "key", target: ["key_id", "aws_kms_key", "id"] },
  aws_s3_bucket_policy: {
    field: "policy",
    kind: "resource",
    target: ["bucket", "aws_s3_bucket", "id"],
  },
  aws_sns_topic_policy: { field: "policy", kind: "resource", target: ["arn"] },
  aws_sqs_queue_policy: {
    field: "policy",
    kind: "resource",
    target: ["queue_url", "aws_sqs_queue", "url"],
  },
  aws_vpc_endpoint: { field: "policy", kind: "endpoint", target: ["service_name"] },
};

/** A permission by itself, as the one statement that it comes to. */
const PERMISSION: Holder = {
  field: "function_name",
  kind: "resource",
  target: ["function_name", "aws_lambda_function", "function_name"],
};

/** A stack with what is needed to judge calls by it. */
export interface ResolvedStack extends Facts {
  readonly policies: readonly Policy[];
  /** Terraform's JSON of the stack. */
  readonly configuration: Configuration;
  /** What references come to. */
  readonly references: References;
}

const EXAMPLE_ACCOUNT = "123456789012";

/**
 * The stack's policies with every reference resolved.
 * @param facts what the account says; made up where left out
 * @throws Error that names what could not be resolved, or a document that nothing here reads
 */
export function resolveStack(stack: Synthesized, facts: Partial<Facts> = {}): ResolvedStack {
  const configuration: Configuration = JSON.parse(stack.text);
  const known: Facts = {
    account: EXAMPLE_ACCOUNT,
    region: String(stack.provider("aws").region ?? "us-east-1"),
    partition: "aws",
    ...facts,
    ids: { ...exampleIds(configuration), ...facts.ids },
  };
  const references = new References(configuration, known);
  const policies = resourcesOf(configuration).flatMap(({ type, address, block }): Policy[] => {
    const holder = HOLDERS[type];
    const others = Object.keys(block).filter(
      (field) =>
        field !== holder?.field && JSON.stringify(block[field]).includes('\\"Statement\\"'),
    );
    if (others.length > 0 || type === "aws_iam_role_policy_attachment")
      throw new Error(`${address} has a policy that resolve.ts does not read: ${others}`);
    const text = holder && block[holder.field];
    if (holder === undefined || text === undefined) return [];
    try {
      const { Statement } = JSON.parse(references.text(text));
      return [
        {
          name: holder.kind === "trust" ? `${address} trust` : address,
          kind: holder.kind,
          address,
          field: holder.field,
          target: targetOf(address, holder, references, configuration),
          statements: [Statement].flat() as Statement[],
        },
      ];
    } catch (error) {
      throw new Error(`${address}.${holder.field}: ${(error as Error).message}`);
    }
  });
  policies.push(...permissionsOf(configuration, references));
  return { ...known, policies, configuration, references };
}

/**
 * Who may call a function stands in no document of Terraform's: Lambda makes a statement of each
 * permission. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
function permissionsOf(configuration: Configuration, references: References): Policy[] {
  const own = resourcesOf(configuration).filter(({ type }) => type === "aws_lambda_permission");
  return own.map(({ address, block }) => {
    const target = targetOf(address, PERMISSION, references, configuration);
    const { action: Action, source_arn: source, source_account: account } = block;
    const Condition = {
      ...(source && { ArnLike: { "aws:SourceArn": references.text(source) } }),
      ...(account && { StringEquals: { "aws:SourceAccount": references.text(account) } }),
    };
    const statement: Statement = {
      Sid: block.statement_id,
      Effect: "Allow",
      Principal: { Service: block.principal },
      Action,
      Resource: target,
      ...(Object.keys(Condition).length > 0 && { Condition }),
    };
    const { field, kind } = PERMISSION;
    return { name: address, kind, address, field, target, statements: [statement] };
  });
}

/** Every resource of a stack with its address. */
export function resourcesOf({ resource = {} }: Configuration) {
  return Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([id, block]) => ({ type, address: `${type}.${id}`, block })),
  );
}

/** ARNs of all resources of one type, by address. */
export function arnsOf(stack: Pick<ResolvedStack, "configuration" | "references">, type: string) {
  return Object.keys(stack.configuration.resource?.[type] ?? {}).map((id) => ({
    address: `${type}.${id}`,
    arn: stack.references.attribute(`${type}.${id}`, "arn"),
    block: stack.configuration.resource?.[type]?.[id],
  }));
}

function targetOf(
  address: string,
  { kind, target: [attribute, type, of] }: Holder,
  references: References,
  configuration: Configuration,
): string {
  const value = references.attribute(address, attribute);
  // com.amazonaws.us-east-1.s3
  if (kind === "endpoint") return value.split(".").slice(3).join(".");
  if (type === undefined || of === undefined) return value;
  const found = arnsOf({ configuration, references }, type).find(
    ({ address: candidate }) => references.attribute(candidate, of) === value,
  );
  if (found === undefined) throw new Error(`no ${type} of the stack has the ${of} ${value}`);
  return found.arn;
}
