/** Who may import whom, and that the rule notices when somebody imports whom he may not. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "./support/folder";
import { ROOT } from "./support/lake";

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** What dependency-cruiser finds in a folder, by the project's rules. */
function violations(folder: string, ...parts: string[]): Violation[] {
  const cruiser = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const config = join(ROOT, ".dependency-cruiser.cjs");
  const printed = execFileSync(
    process.execPath,
    [cruiser, "--config", config, "--output-type", "json", ...parts],
    { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024, stdio: "pipe" },
  );
  return JSON.parse(printed).summary.violations;
}

test("nobody imports whom he may not", () => {
  const found = violations(ROOT, "main.ts", "stacks", "src", "lambda");
  expect(found.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
});

/** Files that are wrong, each by the rule that says so. */
const WRONG: Record<string, [file: string, text: string][]> = {
  // A cycle is reported once; the file that closes it is among the others.
  "no-cycle": [["src/storage/a.ts", 'import "./b";']],
  "no-barrel": [["src/network/uses-barrel.ts", 'import "./index";']],
  resolves: [["src/network/lost.ts", 'import "./gone";']],
  "no-dev-dependency": [["src/network/dev.ts", 'import "dev-tool";']],
  "no-test-code": [["src/network/tested.ts", 'import "../../__tests__/helper";']],
  "provider-by-path": [["src/network/root.ts", 'import { Vpc } from "@cdktf/provider-aws";']],
  "main-composes": [["main.ts", 'import "./src/catalog/fine";']],
  "stacks-from-src": [["stacks/stack.ts", 'import "../lambda/trigger/contract";']],
  "src-below-stacks": [["src/catalog/up.ts", 'import type { A } from "../../stacks/fine";']],
  "tools-are-leaves": [["stacks/tools.ts", 'import "../src/local/fine";']],
  "concerns-apart": [["src/ingestion/apart.ts", 'import { a } from "../catalog/fine";']],
  "concerns-take-config-types": [
    ["src/ingestion/config.ts", 'import { a } from "../config/fine";'],
  ],
  "roots-below-concerns": [["src/naming.ts", 'import type { A } from "./catalog/fine";']],
  "config-is-data": [["src/config/data.ts", 'import "../terraform";']],
  "pure-without-cdktf": [["src/iam.ts", 'import { Fn } from "cdktf";']],
  "lambda-alone": [["lambda/validate/alone.ts", 'import type { A } from "../trigger/contract";']],
  "lambda-by-contract": [["src/processing/inside.ts", 'import "../../lambda/trigger/handler";']],
};

/** What may be imported as it is here, and what the wrong ones import. */
const RIGHT: Record<string, string> = {
  "src/catalog/fine.ts": "export const a = 1; export type A = number;",
  "src/config/fine.ts": "export const a = 1; export type A = number;",
  "src/storage/b.ts": 'import "./a";',
  "src/terraform.ts": "export const b = 1;",
  "src/local/fine.ts": "export const b = 1;",
  "src/cli/fine.ts": 'import "../local/fine"; import "../catalog/fine"; import "../config/fine";',
  "src/network/index.ts": "export const b = 1;",
  "src/observability/types.ts":
    'import type { A } from "../catalog/fine"; import type { A as B } from "../config/fine"; export type C = A | B;',
  "src/observability/path.ts":
    'import { Vpc } from "@cdktf/provider-aws/lib/vpc"; import "../terraform";',
  "src/orchestration/contract.ts": 'import { a } from "../../lambda/trigger/contract";',
  "stacks/fine.ts":
    'import "../src/catalog/fine"; import { a } from "../src/config/fine"; export type A = 1;',
  "lambda/shared/fine.ts": "export const b = 1;",
  "lambda/trigger/contract.ts": 'import "../shared/fine"; export const a = 1; export type A = 1;',
  "lambda/trigger/handler.ts": 'import "./contract";',
  "__tests__/helper.ts": "export const b = 1;",
  "package.json": JSON.stringify({
    dependencies: { cdktf: "1", "@cdktf/provider-aws": "1" },
    devDependencies: { "dev-tool": "1" },
  }),
  "tsconfig.json": "{}",
  "node_modules/cdktf/package.json": '{ "name": "cdktf", "main": "index.js" }',
  "node_modules/cdktf/index.js": "exports.Fn = 1;",
  "node_modules/dev-tool/package.json": '{ "name": "dev-tool", "main": "index.js" }',
  "node_modules/dev-tool/index.js": "",
  "node_modules/@cdktf/provider-aws/package.json": '{ "name": "p", "main": "lib/index.js" }',
  "node_modules/@cdktf/provider-aws/lib/index.js": "exports.Vpc = 1;",
  "node_modules/@cdktf/provider-aws/lib/vpc/index.js": "exports.Vpc = 1;",
};

test("every rule is broken by the import that it forbids, and by none that is allowed", () => {
  const wrong = Object.values(WRONG).flat();
  const folder = folderWith({ ...RIGHT, ...Object.fromEntries(wrong) });
  const found = violations(folder, "main.ts", "stacks", "src", "lambda");
  const pairs = found.map(({ rule, from }) => `${rule.name}: ${from}`);
  const expected = Object.entries(WRONG).flatMap(([rule, files]) =>
    files.map(([file]) => `${rule}: ${file}`),
  );
  expect([...new Set(pairs)].sort()).toEqual(expected.sort());
});

test("every rule of the project is proved here", async () => {
  const { default: config } = await import("../.dependency-cruiser.cjs" as string);
  const names = config.forbidden.map(({ name }: { name: string }) => name);
  expect(Object.keys(WRONG).sort()).toEqual(names.sort());
});
