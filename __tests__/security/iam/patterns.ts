/** How a policy's patterns match what a request names: wildcards and ARNs. */

const compiled = new Map<string, RegExp>();

/**
 * Whether a text matches a pattern with `*` (any characters, none too) and `?` (any one character).
 * @param fold upper and lower case are the same
 */
export function matchesWildcard(pattern: string, text: string, fold = false): boolean {
  const id = `${fold ? "i" : "c"}${pattern}`;
  let regExp = compiled.get(id);
  if (regExp === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*+/g, "[^]*")
      .replaceAll("?", "[^]");
    regExp = new RegExp(`^${source}$`, fold ? "i" : "");
    compiled.set(id, regExp);
  }
  return regExp.test(text);
}

/** The six fields of an ARN; the last may have colons of its own. Undefined for what is none. */
export function arnFields(text: string): string[] | undefined {
  const [arn, partition, service, region, account, ...rest] = text.split(":");
  if (arn !== "arn" || rest.length === 0) return undefined;
  return [arn, partition ?? "", service ?? "", region ?? "", account ?? "", rest.join(":")];
}

/**
 * Whether an ARN matches another with wildcards: field by field, so that none reaches over a colon
 * of the first five (IAM User Guide, "Amazon Resource Name (ARN) condition operators").
 */
export function matchesArn(pattern: string, text: string): boolean {
  const expected = arnFields(pattern);
  const actual = arnFields(text);
  if (expected === undefined || actual === undefined) return false;
  return expected.every((field, index) => matchesWildcard(field, actual[index] ?? ""));
}

/** A single value or several, as a list of text; policies write booleans and numbers bare too. */
export function listOf(values: unknown): string[] {
  return (Array.isArray(values) ? values : [values]).map(String);
}
