import { describe, expect, test } from "vitest";
import { harmless, visible } from "../../src/cli/visible";

const ESC = "\u001b";

describe("a value in a line", () => {
  test.each([
    ["a\nb\tc\rd", "a\\nb\\tc\\rd"],
    [`${ESC}[31mred${ESC}]0;title\u0007`, "\\u001b[31mred\\u001b]0;title\\u0007"],
    ["\u009b2J\u007f\0", "\\u009b2J\\u007f\\u0000"],
    ["a\u202egpj.exe\u2066x\u2028y", "a\\u202egpj.exe\\u2066x\\u2028y"],
  ])("shows what would steer the terminal: %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test("stays as it is where all of it is shown anyway", () => {
    const text = "Ōsaka 日本 👩‍👧 'x' \"y\" $z `w` \\n {}*?[]";
    expect(visible(text)).toBe(text);
  });
});

describe("a text of lines", () => {
  test("keeps its lines, its tabs, and the colours of the commands and of Terraform", () => {
    const text = `${ESC}[31merror:${ESC}[39m ${ESC}[1m${ESC}[32mok${ESC}[0m\n\t${ESC}[1;33mx${ESC}[m`;
    expect(harmless(text.replace(`${ESC}[m`, ""))).toBe(text.replace(`${ESC}[m`, ""));
  });

  test.each([
    [`${ESC}[2J`, "clears the screen"],
    [`${ESC}[1A`, "goes up a line"],
    [`${ESC}[8m`, "conceals"],
    [`${ESC}[30m`, "is black on black"],
    [`${ESC}[1;8m`, "conceals, in bold"],
    [`${ESC}]8;;http://evil\u0007`, "is a link to elsewhere"],
    [`${ESC}c`, "resets the terminal"],
    ["\r", "writes over the line"],
    ["\b\b", "takes letters back"],
    ["\u009b31m", "is a colour of eight bits"],
  ])("loses %j: it %s", (text) => {
    expect(harmless(`a${text}b`)).toMatch(/^a\\[ru]/);
    expect(harmless(text)).not.toMatch(/\p{Cc}/u);
  });

  test("cannot make a sequence of what stands on both sides of a colour", () => {
    expect(harmless(`${ESC}${ESC}[31m[2J`)).toBe(`\\u001b${ESC}[31m[2J`);
  });
});
