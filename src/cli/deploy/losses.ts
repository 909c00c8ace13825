/** What a plan would destroy that cannot be made again, in words. */
import { valueAt } from "../../config/layer";
import { nearest } from "../../config/suggest";
import { Failure } from "../../local/failure";
import { changes, type Plan, type ResourceChange } from "./plan";

/** A resource that would be gone, or another. */
export interface Loss {
  readonly address: string;
  /** One sentence: what happens, why, and what is lost by it. */
  readonly words: string;
}

/** What goes with a resource of each type; other types are made again from the configuration. */
const LOST: Readonly<Record<string, string>> = {
  aws_s3_bucket: "every object in it is lost",
  aws_glue_catalog_database: "its tables leave the catalog",
  aws_glue_catalog_table: "queries no longer find it",
  aws_kms_key: "what it has encrypted can no longer be read",
  aws_emrserverless_application: "its id changes and its job runs are no longer found",
  aws_sqs_queue: "the events that wait in it are lost",
  aws_dynamodb_table: "what it holds is lost",
};

/** Losses of a plan, by address. */
export function losses(plan: Plan): Loss[] {
  return changes(plan)
    .filter(({ type, change }) => type in LOST && change.actions.includes("delete"))
    .map((one) => ({ address: one.address, words: inWords(one) }))
    .sort((a, b) => a.address.localeCompare(b.address));
}

/**
 * Checks that every loss is allowed by name, and that every name is that of a loss.
 * @param real those of `found` that need it
 * @throws Failure that names each loss, or each name that allows nothing
 */
export function requireAllowed(
  found: readonly Loss[],
  allowed: readonly string[],
  real: readonly Loss[] = found,
): void {
  const addresses = found.map(({ address }) => address);
  const idle = allowed.filter((address) => !addresses.includes(address));
  if (idle.length > 0)
    throw new Failure(
      idle
        .map((address) => {
          const near = nearest(address, addresses);
          return `--allow-replace ${address}: the plan neither replaces nor destroys it.${near ? ` Did you mean ${near}?` : ""}`;
        })
        .join("\n"),
    );
  const refused = real.filter(({ address }) => !allowed.includes(address));
  if (refused.length === 0) return;
  throw new Failure(
    `Nothing was changed. The plan loses what cannot be made again:\n${listed(refused)}\nIf that is what you want, add:\n${refused.map(({ address }) => `  --allow-replace ${address}`).join("\n")}`,
  );
}

/** One line a loss. */
export function listed(found: readonly Loss[]): string {
  return found.map(({ words }) => `  ${words}`).join("\n");
}

function inWords(one: ResourceChange): string {
  const replaced = one.change.actions.includes("create");
  const what = replaced ? "would be destroyed and made anew" : "would be destroyed";
  const why = replaced ? reasons(one) : absence(one);
  const because = why.length > 0 ? `, because ${why.join(" and ")}` : "";
  return `${one.address} ${what}${because}: ${LOST[one.type]}`;
}

function absence({ action_reason }: ResourceChange): string[] {
  return action_reason === "delete_because_no_resource_config"
    ? ["the environment no longer asks for it"]
    : [];
}

function reasons({ change, action_reason }: ResourceChange): string[] {
  if (action_reason === "replace_because_tainted")
    return ["it was not wholly made, or was marked with terraform taint"];
  return (change.replace_paths ?? []).map((path) => {
    const name = path.join(".");
    if (isSensitive(change.before_sensitive, path) || isSensitive(change.after_sensitive, path))
      return `${name} changes`;
    const [before, after] = [change.before, change.after].map((side) => shown(valueAt(path, side)));
    return `${name} changes from ${before} to ${after}`;
  });
}

function shown(value: unknown): string {
  return value === undefined || value === null ? "what is not known yet" : JSON.stringify(value);
}

/** Terraform marks a value as sensitive, or one that holds it. */
function isSensitive(marks: unknown, path: readonly (string | number)[]): boolean {
  if (marks === true) return true;
  const [key, ...rest] = path;
  if (key === undefined) return typeof marks === "object" && marks !== null && hasTrue(marks);
  if (typeof marks !== "object" || marks === null) return false;
  return isSensitive((marks as Record<string | number, unknown>)[key], rest);
}

function hasTrue(marks: object): boolean {
  return Object.values(marks).some(
    (mark) => mark === true || (typeof mark === "object" && mark !== null && hasTrue(mark)),
  );
}
