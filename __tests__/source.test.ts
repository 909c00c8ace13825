/** What can be seen of the source without running it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "./support/lake";

const FILE_LINES = 300;
const CONSTRUCT_LINES = 200;

/** What reads an environment's variables as data and never asks the machine or a name. */
const BELOW_MAIN = (file: string) =>
  /^(src|stacks)\//.test(file) && !/^src\/(cli|local)\//.test(file);

const sources = ["main.ts", "vitest.config.ts", ".dependency-cruiser.cjs"]
  .concat(...["src", "stacks", "lambda", "__tests__"].map(filesUnder))
  .map((file) => ({ file, text: readFileSync(join(ROOT, file), "utf8") }));

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|mts|cjs|mjs)$/.test(file) && !file.includes("node_modules"))
    .map((file) => `${folder}/${file}`);
}

const lines = (text: string) => text.trimEnd().split("\n").length;

const files = (which: (source: { file: string; text: string }) => boolean) =>
  sources.filter(which).map(({ file }) => file);

test("there are sources to look at", () => {
  expect(files(({ file }) => BELOW_MAIN(file)).length).toBeGreaterThan(20);
});

test(`no file has more than ${FILE_LINES} lines`, () => {
  expect(files(({ text }) => lines(text) > FILE_LINES)).toEqual([]);
});

test(`no construct has more than ${CONSTRUCT_LINES} lines`, () => {
  const isConstruct = (text: string) => /class \w+ extends Construct\b/.test(text);
  expect(files(({ text }) => isConstruct(text)).length).toBeGreaterThan(5);
  expect(files(({ text }) => isConstruct(text) && lines(text) > CONSTRUCT_LINES)).toEqual([]);
});

test("main.ts has at most 40 lines", () => {
  expect(files(({ file, text }) => file === "main.ts" && lines(text) > 40)).toEqual([]);
});

describe("below main.ts", () => {
  const ENVIRONMENT = /process\.env|["'](node:)?process["']/;
  /** A name that is compared, switched over, looked up or searched for. */
  const NAMED =
    /[!=]==?\s*["'`](local|dev|staging|prod\w*)["'`]|["'`](local|dev|staging|prod\w*)["'`]\s*[!=]==?|case\s+["'`](local|dev|staging|prod\w*)["'`]|(includes|startsWith|test)\(\s*["'`](local|dev|staging|prod\w*)["'`]/;

  test("nobody reads the machine's environment variables", () => {
    expect(files(({ file, text }) => BELOW_MAIN(file) && ENVIRONMENT.test(text))).toEqual([]);
  });

  test("nobody asks for an environment by name", () => {
    expect(files(({ file, text }) => BELOW_MAIN(file) && NAMED.test(text))).toEqual([]);
  });

  test.each([
    'if (environment === "prod")',
    "name !== 'dev' ? 1 : 2",
    '"local" === name',
    'switch (name) { case "staging": }',
    'name.startsWith("prod")',
    'environment == "production"',
  ])("%s would be noticed", (code) => {
    expect(code).toMatch(NAMED);
  });

  test.each(["const a = process.env.HOME;", 'import { env } from "node:process";'])(
    "%s would be noticed",
    (code) => {
      expect(code).toMatch(ENVIRONMENT);
    },
  );
});
