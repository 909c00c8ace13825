/**
 * A plan with what Terraform only knows after it was applied. Policies name the ARNs of what is to
 * be created, so a plan does not have them, and Checkov passes over every check of a policy without
 * a word. What is unknown is taken from the synthesized JSON, with ARNs that look like AWS's.
 */
import type { Block } from "../../support/synth";

const REFERENCE = /\$\{((?:data\.)?\w+\.\w+)\.(\w+)\}/g;

/** Attributes that hold a document, which is what Checkov's checks of policies read. */
const DOCUMENTS = ["policy", "assume_role_policy", "definition"];

/** The plan, as `terraform show -json` prints it, with the texts of the stack's synthesized JSON. */
export function filled(plan: Block, synthesized: Block): Block {
  const copy = structuredClone(plan);
  const known = knownValues(copy);
  const changes = new Map<string, Block>(
    copy.resource_changes.map((one: Block) => [one.address, one.change]),
  );
  for (const resource of copy.planned_values.root_module.resources ?? []) {
    const source = synthesized.resource?.[resource.type]?.[resource.name] ?? {};
    const change = changes.get(resource.address);
    resource.values ??= {};
    for (const [key, value] of Object.entries(source)) {
      if (typeof value !== "string" || change?.after_unknown?.[key] !== true) continue;
      const text = value.replaceAll(REFERENCE, (_, address: string, attribute: string) =>
        String(known(address, attribute)),
      );
      resource.values[key] = text;
      change.after = { ...change.after, [key]: text };
      delete change.after_unknown[key];
    }
  }
  return copy;
}

/**
 * Documents that the stack has and Checkov would not see: the plan does not know them, lacks them, or
 * has a reference in them. Attributes that are AWS's to fill, as a bucket's own `policy`, are none.
 * @returns their addresses, such as `aws_iam_role_policy.trigger.policy`
 */
export function unfilled(plan: Block, synthesized: Block): string[] {
  const values = new Map<string, Block>(
    (plan.planned_values.root_module.resources ?? []).map((one: Block) => [
      one.address,
      one.values,
    ]),
  );
  const unknown = new Map<string, Block>(
    plan.resource_changes.map((one: Block) => [one.address, one.change.after_unknown]),
  );
  return Object.entries<Block>(synthesized.resource ?? {}).flatMap(([type, all]) =>
    Object.entries<Block>(all).flatMap(([name, block]) =>
      DOCUMENTS.filter((key) => {
        if (block[key] === undefined) return false;
        const address = `${type}.${name}`;
        const text = values.get(address)?.[key];
        return unknown.get(address)?.[key] || typeof text !== "string" || text.includes("${");
      }).map((key) => `${type}.${name}.${key}`),
    ),
  );
}

/** What the plan knows of an attribute, or what stands for it until AWS has numbered it. */
function knownValues(plan: Block): (address: string, attribute: string) => unknown {
  const resources: Block[] = [
    ...(plan.planned_values.root_module.resources ?? []),
    ...(plan.prior_state?.values?.root_module?.resources ?? []),
  ];
  const values = new Map<string, Block>(resources.map((one) => [one.address, one.values ?? {}]));
  return (address, attribute) => {
    const value = values.get(address)?.[attribute];
    if (value !== undefined && value !== null) return value;
    const [type = "", name = ""] = address.split(".").slice(-2);
    return attribute === "arn" ? `arn:aws:${type}:us-east-1:123456789012:${name}` : name;
  };
}
