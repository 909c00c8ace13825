/** Rules that are one demand on one attribute of every resource of a type. */
import {
  type Resource,
  type Rule,
  resources,
  type Subject,
  target,
  valuesAt,
  verdict,
} from "./rule";

/** What a value must be, and how that is said. */
export interface Matcher {
  readonly expected: string;
  holds(value: unknown): boolean;
  /** Whether a value that is not there will do. */
  readonly optional?: boolean;
}

export const is = (value: unknown): Matcher => ({
  expected: JSON.stringify(value),
  holds: (found) => found === value,
});

export const oneOf = (...values: readonly unknown[]): Matcher => ({
  expected: values.map((value) => JSON.stringify(value)).join(" or "),
  holds: (found) => values.includes(found),
});

export const between = (least: number, most: number): Matcher => ({
  expected: least === most ? `${least}` : `${least} to ${most}`,
  holds: (found) => typeof found === "number" && found >= least && found <= most,
});

/** A reference to a resource of this type in the same stack. */
export const refersTo = (type: string): Matcher => ({
  expected: `a reference to an ${type}`,
  holds: (found) => target(found)?.split(".")[0] === type,
});

/** A list of such references. */
export const eachRefersTo = (type: string): Matcher => ({
  expected: `references to ${type}`,
  holds: (found) =>
    Array.isArray(found) && found.every((one) => target(one)?.split(".")[0] === type),
});

/** The customer's own key, and not one that AWS keeps. */
export const OWN_KEY: Matcher = { ...refersTo("aws_kms_key"), expected: "the lake's own key" };

/** Not there, or this: for what is safe as long as nobody says otherwise. */
export const absentOr = (matcher: Matcher): Matcher => ({
  ...matcher,
  expected: `nothing or ${matcher.expected}`,
  optional: true,
});

export interface AttributeDemand {
  readonly type: string;
  /** As `valuesAt` reads it. */
  readonly path: string;
  readonly matcher: Matcher | ((subject: Subject) => Matcher);
  /** Resources that the demand is on. @default all of the type */
  readonly of?: (resource: Resource, subject: Subject) => boolean;
}

/** One rule of several demands. */
export function attributes(name: string, demands: readonly AttributeDemand[]): Rule {
  return {
    name,
    check: (subject) =>
      demands.flatMap(({ type, path, matcher, of = () => true }) =>
        resources(subject, type)
          .filter((resource) => of(resource, subject))
          .map(({ address, block }) => {
            const wanted = typeof matcher === "function" ? matcher(subject) : matcher;
            const found = valuesAt(block, path);
            const holds =
              found.length === 0
                ? wanted.optional === true
                : found.every((one) => wanted.holds(one));
            const value = found.length > 1 ? found : found[0];
            return verdict(address, `${path} to be ${wanted.expected}`, value, holds);
          }),
      ),
  };
}

/** A demand for short: `demand("aws_sqs_queue", "kms_master_key_id", OWN_KEY)`. */
export function demand(
  type: string,
  path: string,
  matcher: AttributeDemand["matcher"],
  of?: AttributeDemand["of"],
): AttributeDemand {
  return { type, path, matcher, ...(of && { of }) };
}
