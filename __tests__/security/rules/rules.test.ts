/** Every rule holds on every stack of every environment. */
import { describe, expect, test } from "vitest";
import { RULES } from "./all";
import { examine, inWords } from "./rule";
import { subjects } from "./subjects";

describe.each(await subjects())("$name", (subject) => {
  test.each(RULES)("$name", (rule) => {
    expect(examine([rule], subject).findings.map(inWords)).toEqual([]);
  });
});
