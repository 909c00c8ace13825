/**
 * The conditions of a statement, as IAM reads them.
 *
 * IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for
 * multivalued context keys": several operators and keys must all hold, of several values one; a
 * key that the request lacks makes a condition false, but a negated one true; `…IfExists` is true
 * then, `ForAllValues` too, and `ForAnyValue` is false.
 */
import { listOf, matchesArn, matchesWildcard } from "./patterns";

/** Keys of a request with their values. Names of keys are the same in upper and lower case. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** Operator, key, values: the `Condition` of a statement. */
export type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

type Test = (actual: string, expected: string) => boolean;

const equals: Test = (actual, expected) => actual === expected;
const equalsIgnoreCase: Test = (actual, expected) => same(actual) === same(expected);
const like: Test = (actual, expected) => matchesWildcard(expected, actual);
const arn: Test = (actual, expected) => matchesArn(expected, actual);
const number =
  (compare: (actual: number, expected: number) => boolean): Test =>
  (actual, expected) =>
    compare(Number(actual), Number(expected));

/** Each operator's test of one value against one, and whether the operator negates it. */
const OPERATORS: Record<string, { test: Test; negated?: true }> = {
  StringEquals: { test: equals },
  StringNotEquals: { test: equals, negated: true },
  StringEqualsIgnoreCase: { test: equalsIgnoreCase },
  StringNotEqualsIgnoreCase: { test: equalsIgnoreCase, negated: true },
  StringLike: { test: like },
  StringNotLike: { test: like, negated: true },
  NumericEquals: { test: number((a, b) => a === b) },
  NumericNotEquals: { test: number((a, b) => a === b), negated: true },
  NumericLessThan: { test: number((a, b) => a < b) },
  NumericLessThanEquals: { test: number((a, b) => a <= b) },
  NumericGreaterThan: { test: number((a, b) => a > b) },
  NumericGreaterThanEquals: { test: number((a, b) => a >= b) },
  Bool: { test: equalsIgnoreCase },
  // "ArnEquals and ArnLike behave identically", and so do their opposites.
  ArnEquals: { test: arn },
  ArnLike: { test: arn },
  ArnNotEquals: { test: arn, negated: true },
  ArnNotLike: { test: arn, negated: true },
};

/**
 * Whether all conditions of a statement hold for a request.
 * @throws Error where an operator or a policy variable is not implemented here, or where a key with
 * several values is compared without ForAnyValue or ForAllValues
 */
export function conditionsHold(condition: Condition, context: Context): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) =>
      holds(operator, key, listOf(expected), valuesOf(key, context)),
    ),
  );
}

/** The request's values of a key; an empty list where it has none. */
function valuesOf(key: string, context: Context): readonly string[] {
  const name = same(key);
  const found = Object.entries(context).find(([candidate]) => same(candidate) === name);
  return found === undefined ? [] : listOf(found[1]);
}

function holds(
  written: string,
  key: string,
  expected: readonly string[],
  actual: readonly string[],
): boolean {
  const variable = expected.find((value) => value.includes("${"));
  if (variable !== undefined)
    throw new Error(`condition ${written} ${key}: policy variables are not evaluated: ${variable}`);
  if (written === "Null") return (actual.length === 0) === expected.includes("true");
  const [, set, name = "", ifExists] =
    /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(written) ?? [];
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined)
    throw new Error(
      `condition operator ${written} is not implemented; there are Null, ${Object.keys(OPERATORS).join(", ")}`,
    );
  if (set === "ForAnyValue:" && ifExists)
    throw new Error(`${written}: AWS does not document which of the two holds for an absent key`);
  const { test, negated = false } = operator;
  const one = (value: string) => expected.some((wanted) => test(value, wanted)) !== negated;
  if (actual.length === 0) {
    if (ifExists || set === "ForAllValues:") return true;
    return set === undefined && negated;
  }
  if (set === "ForAnyValue:") return actual.some(one);
  if (set === undefined && actual.length > 1)
    throw new Error(
      `condition ${written} ${key}: the request has ${actual.length} values; it needs ForAnyValue or ForAllValues`,
    );
  return actual.every(one);
}

function same(text: string): string {
  return text.toLowerCase();
}
