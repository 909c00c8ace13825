import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VARIABLE_NAMES, variablesSchema } from "../../src/config/schema";

const ROWS = new Map(
  [...readFileSync(join("docs", "variables.md"), "utf8").matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(
    ([, name = "", shown = ""]) => [name, shown],
  ),
);
const DEFAULTS: Record<string, unknown> = variablesSchema.parse({});

describe("docs/variables.md", () => {
  it("lists every variable and no other", () => {
    expect([...ROWS.keys()].sort()).toEqual([...VARIABLE_NAMES].sort());
  });

  it.each([...ROWS].filter(([, shown]) => shown.startsWith("`")))(
    "states the default of %s as it is",
    (name, shown) => {
      expect(shown).toBe(`\`${asHcl(DEFAULTS[name])}\``);
    },
  );
});

function asHcl(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) || typeof value !== "object" || value === null)
    return JSON.stringify(value);
  const inner = Object.entries(value).map(([key, one]) => `${key} = ${quoted(one)}`);
  return inner.length === 0 ? "{}" : `{ ${inner.join(", ")} }`;
}

function quoted(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : asHcl(value);
}
