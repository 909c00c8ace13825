import { expect, test } from "vitest";
import { formatFinding, fromProblem, lack, ok, wrap } from "../../../src/cli/doctor/finding";

const plain = (level: string) => level;

test("what is well is one line", () => {
  expect(formatFinding(ok("Java", "17.0.15 (/opt/jdk)"), plain)).toBe(
    "ok       Java            17.0.15 (/opt/jdk)",
  );
});

test("what is not says what, why and what mends it", () => {
  const finding = lack(true, "Disk", "1.0 GB free in /work, and 2.7 GB are needed", "for .venv", [
    "make room",
    "or move it",
  ]);
  expect(formatFinding(finding, plain)).toBe(
    [
      "missing  Disk            1.0 GB free in /work, and 2.7 GB are needed",
      "           why:          for .venv",
      "           to mend:      make room",
      "                         or move it",
    ].join("\n"),
  );
});

test("prose is broken at 80 columns, commands are not", () => {
  const command = `x ${"long ".repeat(30)}`.trim();
  const words = "word ".repeat(60).trim();
  const text = formatFinding(lack(false, "Topic", words, words, [command]), plain);
  const lines = text.split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([expect.stringContaining(command)]);
  expect(lines.at(-1)).toContain(command);
  expect(lines[1]).toMatch(/^ {25}word/);
});

test("a level that is painted keeps the columns", () => {
  const painted = formatFinding(ok("Java", "17"), (level) => `<${level}>`);
  expect(painted).toBe("<ok>       Java            17");
});

test("wrapping loses no word and breaks none", () => {
  expect(wrap("a bb ccc", 4)).toEqual(["a bb", "ccc"]);
  expect(wrap("muchtoolong a", 4)).toEqual(["muchtoolong", "a"]);
  expect(wrap("", 4)).toEqual([""]);
});

test("a tool that was not found is missing only where it is needed", () => {
  const problem = { wanted: "Java 17", reason: "Spark", found: ["none", "one"], remedy: ["get"] };
  expect(fromProblem("Java", true, problem)).toEqual({
    level: "missing",
    topic: "Java",
    what: "Java 17 is not there: none; one",
    why: "Spark",
    remedy: ["get"],
  });
  expect(fromProblem("Java", false, problem).level).toBe("warning");
});
