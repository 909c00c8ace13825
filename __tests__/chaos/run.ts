/**
 * `npm run chaos -- --seed N --events M`: a lake on a local AWS of its own, disturbed by what the
 * seed says; exit 1 when a record is lost, doubled or somewhere else. Without a seed it takes any.
 * The same seed makes the same plan; when things happen differs with the machine.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { deployLake } from "../e2e/support/deployed-lake";
import { lakeCommand } from "../e2e/support/lake-command";
import { unleash } from "./harness";
import { SOURCES, tfvarsOf } from "./lake";
import { fingerprint, planOf } from "./plan";
import { isWhole, report } from "./report";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    events: { type: "string", default: "300" },
    /** Leaves out the source of the plain layout. */
    iceberg: { type: "boolean", default: false },
    /** Leaves out what makes a run wait for minutes. */
    quick: { type: "boolean", default: false },
  },
});
const seed = wholeNumber("--seed", values.seed ?? String(randomInt(2 ** 31)));
const events = wholeNumber("--events", values.events);
const sources = SOURCES.filter(({ layout }) => !values.iceberg || layout === "iceberg");
const { iceberg, quick } = values;
const flags = `${iceberg ? " --iceberg" : ""}${quick ? " --quick" : ""}`;
const again = `npm run chaos -- --seed ${seed} --events ${events}${flags}`;
// The SDK tells at every start which Node.js it will need next year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const plan = planOf({ seed, events, sources, quick });
const head = `seed ${seed}, plan ${fingerprint(plan)}: ${again}`;
console.log(head);
const began = Date.now();
const say = (line: string) =>
  console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${line}`);

say("deploying a lake to a local AWS of its own");
const lake = await deployLake(tfvarsOf(sources));
try {
  const command = lakeCommand(lake, lake.region);
  const outcome = await unleash(lake, { plan, command, say });
  console.log(report(outcome));
  process.exitCode = isWhole(outcome) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await lake.close();
  console.log(head);
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0 && /^\d+$/.test(text)) return number;
  console.error(`${option}: expected a whole number, found ${text}`);
  process.exit(2);
}
