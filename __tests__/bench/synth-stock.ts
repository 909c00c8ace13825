/** Ours against the stock start of CDKTF in TypeScript, with the same resources. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ROOT } from "../../src/local/paths";
import { quotients, type Ratio, spread } from "./ratio";
import { ALONE, CDKTF, type Command, secondsOf, stacksIn } from "./synth-program";
import { countsByType, stockProgram } from "./synth-stock-program";

/** What the template's own `cdktf.json` runs. */
const TS_NODE: Command = () => ["npx", "ts-node", "main.ts"];

/** As a user runs both, and without the CLI, which takes as long in both. */
const COMMANDS: readonly (readonly [what: string, ours: Command, theirs: Command])[] = [
  ["cdktf synth", CDKTF, CDKTF],
  ["the app alone", ALONE, TS_NODE],
];

/**
 * `cdktf synth` of all environments, against a program of the template with the resources that ours
 * synthesized into `folder`. Types and numbers are looked at before a time counts. One round is of
 * `cdktf synth` alone.
 * @throws Error where the two do not synthesize the same
 */
export async function againstStock(folder: string, rounds: number): Promise<Ratio[]> {
  const out = { lake: join(folder, "lake.out"), stock: join(folder, "stock.out") };
  const stock = join(folder, "stock");
  if (!existsSync(out.lake)) await secondsOf(CDKTF, ROOT, out.lake);
  writeStock(stock, out.lake);
  await secondsOf(TS_NODE, stock, out.stock);
  const [ours, theirs] = [out.lake, out.stock].map((dir) => countsByType(stacksIn(dir)));
  if (!isDeepStrictEqual(ours, theirs))
    throw new Error(
      `the two do not synthesize the same resources: ours ${JSON.stringify(ours)}, the stock start's ${JSON.stringify(theirs)}`,
    );
  const total = Object.values(ours ?? {}).reduce((sum, count) => sum + count);
  console.log(`the same ${total} resources and data sources, rounds: ${rounds}`);
  const compared: Ratio[] = [];
  for (const [what, ourCommand, theirCommand] of rounds === 1 ? COMMANDS.slice(0, 1) : COMMANDS) {
    const times = { lake: [] as number[], stock: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      times.lake.push(await secondsOf(ourCommand, ROOT, out.lake));
      times.stock.push(await secondsOf(theirCommand, stock, out.stock));
    }
    console.log(`  ${what}: ours ${spread(times.lake, "s")}`);
    console.log(`  ${what}: the stock start ${spread(times.stock, "s")}`);
    compared.push({
      what: `${what} of the stock start (ts-node, root imports) ÷ of ours, same resources`,
      rounds: quotients(times.stock, times.lake),
      goal: { atLeast: 5 },
    });
  }
  return compared;
}

/** As `cdktf init --template=typescript` leaves a folder, with the template's own settings. */
function writeStock(folder: string, lakeOut: string): void {
  const require = createRequire(import.meta.url);
  const cli = join(require.resolve("cdktf-cli/package.json"), "..");
  const template = (file: string) =>
    readFileSync(join(cli, "bundle", "templates", "typescript", file), "utf8");
  mkdirSync(folder);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const settings = template("cdktf.json")
    .replace("{{projectId}}", "stock")
    .replace("{{sendCrashReports}}", "false")
    .replace("{{futureFlags}}", "");
  const files = {
    ...stockProgram(stacksIn(lakeOut)),
    "cdktf.json": settings,
    "tsconfig.json": template("tsconfig.json"),
    "package.json": JSON.stringify({ name: "stock", main: "main.js", private: true }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
