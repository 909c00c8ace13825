/** Every file in invalid/ has one fault, and begins with the message that it must give. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readDocument } from "../../src/config/document";
import { readEnvironment } from "../../src/config/environment";
import { EnvironmentError, type Fault, formatFaults } from "../../src/config/faults";
import { VARIABLE_NAMES } from "../../src/config/schema";
import { folderWith } from "../support/folder";
import { mendings } from "../support/remedies";

const FOLDER = join(import.meta.dirname, "invalid");
const FILES = readdirSync(FOLDER).filter((file) => !file.endsWith(".message"));
const JOBS = ["etl.py"];

const textOf = (file: string) => readFileSync(join(FOLDER, file), "utf8");

/** The message in the comment that a file begins with; JSON has no comments, and a file beside it. */
function expectedOf(file: string, text: string): string {
  if (file.endsWith(".json")) return textOf(file.replace(/\.tfvars\.json$/, ".message")).trim();
  const [, comment] = /^((?:# .*\n)+)/.exec(text) ?? [];
  if (comment === undefined) throw new Error(`${file} does not begin with its message, # …`);
  return comment.replaceAll(/^# /gm, "").trim().replaceAll("\n", " ");
}

/** The faults of a text, as if the file were an environment's. */
async function faultsOf(file: string, text: string): Promise<Fault[]> {
  const folder = folderWith({ [file.replace(/^[^.]*/, "it")]: text });
  const error = await readEnvironment(folder, "it", { jobs: JOBS }).catch((e: unknown) => e);
  if (!(error instanceof EnvironmentError)) return [];
  return error.faults.map((fault) => ({ ...fault, origin: file }));
}

test("there are at least fifty, and every variable is wrong in one of them", () => {
  expect(FILES.length).toBeGreaterThanOrEqual(50);
  const messages = FILES.map((file) => expectedOf(file, textOf(file)));
  const missing = VARIABLE_NAMES.filter((name) => !messages.some((m) => m.includes(`: ${name}`)));
  expect(missing).toEqual([]);
});

test("a file that does not begin with its message is refused", () => {
  expect(() => expectedOf("it.tfvars", 'project = "Lake"\n# late\n')).toThrow(
    "it.tfvars does not begin with its message",
  );
});

test("no message is left of a file that is gone", () => {
  const beside = readdirSync(FOLDER).filter((file) => file.endsWith(".message"));
  expect(beside.map((file) => file.replace(/\.message$/, ".tfvars.json")).sort()).toEqual(
    FILES.filter((file) => file.endsWith(".json")).sort(),
  );
});

test.each(FILES)("%s gives its one message", async (file) => {
  const text = textOf(file);
  expect(formatFaults(await faultsOf(file, text)).split("\n")).toEqual([expectedOf(file, text)]);
});

describe("what a message says to do mends the file:", () => {
  // A text that cannot be read has no values to change.
  const readable = FILES.filter((file) => !expectedOf(file, textOf(file)).includes(": syntax: "));
  /** What only the writer knows: what an expression stands for, a better name, which to move. */
  const WRITERS_OWN =
    /Correct it$|Write the value itself$|Rename it$|to an environment of their own$|docs\/variables\.md lists the known ones$/;

  test.each(readable)("%s", async (file) => {
    const text = textOf(file);
    const [fault] = await faultsOf(file, text);
    const { values } = await readDocument(file, text);
    const results = fault ? mendings(values, fault) : [];
    if (!WRITERS_OWN.test(fault?.message ?? "")) expect(results).not.toEqual([]);
    for (const result of results)
      expect(
        formatFaults(await faultsOf("it.tfvars.json", JSON.stringify(result))),
        JSON.stringify(result),
      ).toBe("");
  });
});

test.each(FILES.filter((file) => /sensitive|secret/.test(file)))(
  "%s keeps its values to itself",
  async (file) => {
    const text = textOf(file);
    const message = formatFaults(await faultsOf(file, text));
    const values = text.replace(/^#.*/, "").match(/"[^"]{5,}"|\d{5,}/g) ?? [];
    const secrets = values
      .map((value) => value.replaceAll('"', ""))
      .filter((v) => !v.includes("_"));
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(message).not.toContain(secret);
  },
);

test("the template's failing example says both totals and two ways out", () => {
  const message = expectedOf(
    "capacity-template-example.tfvars",
    textOf("capacity-template-example.tfvars"),
  );
  expect(message).toContain(
    "42 vCPU (driver 2 + 10 executors × 4) where EMR allows 10 (5 workers × 2)",
  );
  expect(message).toContain("88 GB of memory");
  expect(message.split("Set ")[1]?.split(" or ")).toHaveLength(2);
});
