/** Every rule holds on every stack of every environment. */
import { describe, expect, test } from "vitest";
import { environments as env } from "../../support/lake";
import { RULES } from "./all";
import { list, statementsOf } from "./documents";
import { WIDER, WITHIN } from "./policies";
import { EXPENDABLE } from "./retention";
import { examine, inWords } from "./rule";
import { subjects } from "./subjects";

describe.each(await subjects())("$name", (subject) => {
  test.each(RULES)("$name", (rule) => {
    expect(examine([rule], subject).findings.map(inWords)).toEqual([]);
  });
});

test("every exception that the rules make is needed", async () => {
  const all = await subjects();
  const addresses = new Set(all.flatMap(({ stack }) => stack.addresses()));
  expect(Object.keys(EXPENDABLE).filter((address) => !addresses.has(address))).toEqual([]);
  const allowed = all
    .flatMap((subject) => statementsOf(subject))
    .filter(({ statement }) => statement.Effect === "Allow");
  const shapes = [
    ...WITHIN.map((shape) => ({ shape, on: undefined })),
    ...Object.entries(WIDER).flatMap(([on, some]) => some.map((shape) => ({ shape, on }))),
  ];
  const idle = shapes.filter(
    ({ shape, on }) =>
      !allowed.some(
        ({ type, statement }) =>
          (on ?? type) === type && list(statement.Resource).some((one) => shape.test(one)),
      ),
  );
  expect(idle).toEqual([]);
});

test("both stacks of each environment are looked at, and of one with every option on", async () => {
  const names = (await subjects()).map(({ name }) => name);
  const environments = Object.keys(await env());
  expect(environments).toContain("prod");
  expect(names.sort()).toEqual(
    [...environments, "full"].flatMap((one) => [`data-lake-${one}`, `state-${one}`]).sort(),
  );
});
