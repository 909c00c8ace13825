import { describe, expect, test } from "vitest";
import { ref } from "../../support/synth";
import { type Context, conditionsHold } from "./conditions";

const holds = (operator: string, key: string, expected: unknown, context: Context = {}) =>
  conditionsHold({ [operator]: { [key]: expected } }, context);

test.each([
  ["StringEquals", "a", "a", true],
  ["StringEquals", "a", "A", false],
  ["StringEquals", "a*", "ab", false],
  ["StringNotEquals", "a", "b", true],
  ["StringNotEquals", ["a", "b"], "b", false],
  ["StringEqualsIgnoreCase", "a", "A", true],
  ["StringNotEqualsIgnoreCase", "a", "A", false],
  ["StringLike", ["raw", "raw/*"], "raw/x", true],
  ["StringLike", ["raw", "raw/*"], "rawx", false],
  ["StringLike", "raw/?", "raw/", false],
  ["StringNotLike", "raw/*", "raw/x", false],
  ["NumericLessThan", "1.2", "1.1", true],
  ["NumericLessThan", "1.2", "1.2", false],
  ["NumericLessThan", "1.2", "1.10", true],
  ["NumericLessThanEquals", 10, "9", true],
  ["NumericGreaterThan", "10", "9", false],
  ["NumericEquals", "1.20", "1.2", true],
  ["NumericNotEquals", "1.2", "1.3", true],
  ["Bool", "false", "false", true],
  ["Bool", false, "false", true],
  ["Bool", "true", "True", true],
  ["Bool", "false", "true", false],
  ["ArnEquals", "arn:aws:events:*:1:rule/a-*", "arn:aws:events:us-east-1:1:rule/a-b", true],
  ["ArnLike", "arn:aws:*", "arn:aws:events:us-east-1:1:rule/a", false],
  ["ArnLike", "arn:aws:sns:*:1:a", "arn:aws:sns:x:2:1:a", false],
  ["ArnNotEquals", "arn:aws:sns:x:1:a", "arn:aws:sns:x:1:b", true],
  ["ArnNotLike", "arn:aws:sns:x:1:*", "arn:aws:sns:x:1:b", false],
])("%s %j of %j: %s", (operator, expected, actual, result) =>
  expect(holds(operator, "a:Key", expected, { "A:kEY": actual })).toBe(result),
);

describe("a key that the request lacks", () => {
  test.each([
    ["StringEquals", false],
    ["StringLike", false],
    ["NumericLessThan", false],
    ["Bool", false],
    ["ArnLike", false],
    ["StringNotEquals", true],
    ["StringNotLike", true],
    ["ArnNotEquals", true],
    ["StringEqualsIfExists", true],
    ["StringNotEqualsIfExists", true],
    ["NumericLessThanIfExists", true],
    ["BoolIfExists", true],
    ["ForAllValues:StringEquals", true],
    ["ForAnyValue:StringEquals", false],
    ["ForAnyValue:StringNotEquals", false],
  ])("%s: %s", (operator, result) => expect(holds(operator, "a:key", "1")).toBe(result));

  test("an empty list is no value", () => {
    expect(holds("Null", "a:key", "true", { "a:key": [] })).toBe(true);
    expect(holds("ForAnyValue:StringEquals", "a:key", "1", { "a:key": [] })).toBe(false);
  });

  test("Null says which is meant", () => {
    expect(holds("Null", "a:key", "true")).toBe(true);
    expect(holds("Null", "a:key", "false")).toBe(false);
    expect(holds("Null", "a:key", true, { "a:key": "x" })).toBe(false);
    expect(holds("Null", "a:key", "false", { "a:key": "x" })).toBe(true);
  });
});

test("IfExists compares where the key is there", () => {
  expect(holds("StringNotEqualsIfExists", "a:key", "aws:kms", { "a:key": "AES256" })).toBe(true);
  expect(holds("StringNotEqualsIfExists", "a:key", "aws:kms", { "a:key": "aws:kms" })).toBe(false);
});

test("several keys and several operators must all hold", () => {
  const condition = { StringEquals: { "a:one": "1", "a:two": "2" }, Bool: { "a:three": "true" } };
  const context = { "a:one": "1", "a:two": "2", "a:three": "true" };
  expect(conditionsHold(condition, context)).toBe(true);
  for (const key of Object.keys(context))
    expect(conditionsHold(condition, { ...context, [key]: "other" })).toBe(false);
});

test("of several values of a request, all or any are compared, as the operator says", () => {
  const context = { "a:key": ["x", "y"] };
  expect(holds("ForAllValues:StringEquals", "a:key", ["x", "y", "z"], context)).toBe(true);
  expect(holds("ForAllValues:StringEquals", "a:key", ["x"], context)).toBe(false);
  expect(holds("ForAnyValue:StringEquals", "a:key", ["y"], context)).toBe(true);
  expect(holds("ForAnyValue:StringEquals", "a:key", ["z"], context)).toBe(false);
  expect(holds("ForAnyValue:StringNotEquals", "a:key", ["x"], context)).toBe(true);
  expect(holds("ForAllValues:StringNotEquals", "a:key", ["x"], context)).toBe(false);
  expect(() => holds("StringEquals", "a:key", ["x"], context)).toThrow(
    /ForAnyValue or ForAllValues/,
  );
});

test.each([
  "IpAddress",
  "DateLessThan",
  "stringEquals",
  "StringEqual",
  "BinaryEquals",
  "NullIfExists",
  "constructor",
])("%s is an error that names what there is", (operator) =>
  expect(() => holds(operator, "a:key", "1")).toThrow(
    /is not implemented; there are Null, StringEquals/,
  ),
);

test("ForAnyValue with IfExists, of which nothing is documented, is an error", () =>
  expect(() => holds("ForAnyValue:StringEqualsIfExists", "a:key", "1")).toThrow(/not document/));

test("a policy variable is an error", () =>
  expect(() => holds("StringLike", "s3:prefix", `home/${ref("aws:username")}/*`)).toThrow(
    /policy variables are not evaluated/,
  ));
