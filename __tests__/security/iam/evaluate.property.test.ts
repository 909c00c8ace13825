import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Context } from "./conditions";
import { decide, type Policies, type Statement } from "./evaluate";
import { matchesWildcard } from "./patterns";

const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/lake/job`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234`;
const OBJECT = "arn:aws:s3:::landing/raw/a.json";

describe("whatever the documents", () => {
  const action = fc.constantFrom(
    "s3:GetObject",
    "s3:PutObject",
    "s3:Get*",
    "s3:*",
    "*",
    "kms:Decrypt",
  );
  const resource = fc.constantFrom(
    "*",
    OBJECT,
    "arn:aws:s3:::landing/*",
    "arn:aws:s3:::*/raw/?.json",
    KEY,
  );
  const condition = fc.constantFrom<Statement["Condition"][]>(
    undefined,
    { Bool: { "aws:SecureTransport": "false" } },
    { StringLike: { "s3:prefix": ["raw", "raw/*"] } },
    { StringNotEquals: { "aws:SourceAccount": ACCOUNT } },
  );
  const statement = fc
    .record({
      Effect: fc.constantFrom("Allow", "Allow", "Deny"),
      Action: action,
      Resource: resource,
      Condition: condition,
    })
    .map(({ Condition, ...rest }): Statement => ({ ...rest, ...(Condition && { Condition }) }));
  const asked = fc.record({
    principal: fc.constant(ROLE),
    action: fc.constantFrom("s3:GetObject", "s3:PutObject", "kms:Decrypt"),
    resource: fc.constantFrom(OBJECT, "arn:aws:s3:::other/x", KEY),
    context: fc.constantFrom<Context[]>(
      {},
      { "aws:SecureTransport": "false" },
      { "s3:prefix": "raw/x" },
    ),
  });
  const statements = fc.array(statement, { maxLength: 5 });
  const named = (all: Statement[]): Policies => ({ identity: [{ name: "job", statements: all }] });

  test("neither order nor the split into documents changes the outcome", () =>
    fc.assert(
      fc.property(statements, asked, (all, one) => {
        const expected = decide(one, named(all)).outcome;
        expect(decide(one, named(all.toReversed())).outcome).toBe(expected);
        const identity = all.map((each, index) => ({ name: String(index), statements: [each] }));
        expect(decide(one, { identity }).outcome).toBe(expected);
      }),
    ));

  test("a further deny never allows, and a further allow never denies", () =>
    fc.assert(
      fc.property(statements, statement, asked, (all, more, one) => {
        const before = decide(one, named(all)).outcome;
        const after = decide(one, named([...all, more])).outcome;
        if (more.Effect === "Deny") expect([before, "explicit deny"]).toContain(after);
        else expect([before, "allowed"]).toContain(after);
        if (before === "explicit deny") expect(after).toBe(before);
      }),
    ));

  test("wildcards match as a matcher that tries every split does", () => {
    const naive = (pattern: string, text: string): boolean => {
      const [head, ...rest] = pattern;
      if (head === undefined) return text === "";
      const tail = rest.join("");
      if (head === "*") return [...text, ""].some((_, index) => naive(tail, text.slice(index)));
      return text !== "" && (head === "?" || head === text[0]) && naive(tail, text.slice(1));
    };
    const letters = fc.string({
      unit: fc.constantFrom("a", "b", "*", "?", ".", "/", "\n"),
      maxLength: 7,
    });
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        expect(matchesWildcard(pattern, text)).toBe(naive(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });
});
