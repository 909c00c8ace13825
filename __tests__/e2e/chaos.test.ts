/**
 * The lake under duplicates, faults and load: a fixed seed, and one that nobody has tried. One
 * deployment serves both. A seed that fails is tried again by the command that the test prints.
 */
import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { unleash } from "../chaos/harness";
import { SOURCES, tfvarsOf } from "../chaos/lake";
import { planOf } from "../chaos/plan";
import { report } from "../chaos/report";
import { type DeployedLake, deployLake } from "./support/deployed-lake";
import { type LakeCommand, lakeCommand } from "./support/lake-command";

const EVENTS = 24;

let lake: DeployedLake;
let command: LakeCommand;

beforeAll(async () => {
  lake = await deployLake(tfvarsOf(SOURCES));
  command = lakeCommand(lake, lake.region);
});
afterAll(() => lake?.close());

it.each([
  ["a fixed seed", 4],
  ["a random seed", randomInt(100, 2 ** 31)],
])("neither loses a record nor doubles one: %s, %i", async (_, seed) => {
  const again = `npm run chaos -- --seed ${seed} --events ${EVENTS} --quick`;
  console.log(`seed ${seed}: ${again}`);
  const plan = planOf({ seed, events: EVENTS, sources: SOURCES, quick: true });
  const outcome = await unleash(lake, { plan, command, say: () => {} });
  console.log(`${report(outcome)}\nseed ${seed}: ${again}`);
  expect(outcome.reads.torn, again).toEqual([]);
  expect(outcome.differences, again).toEqual([]);
  expect(outcome.rows.found).toBeGreaterThan(0);
});
