/** Every alarm of a lake, made to fire and to recover: what `npm run alarms` prints as a table. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { drive } from "../alarms/drive";
import { deployWatchedLake, SOURCE } from "../alarms/lake";
import { report } from "../alarms/report";
import type { DeployedLake } from "./support/deployed-lake";

let lake: DeployedLake;

beforeAll(async () => {
  lake = await deployWatchedLake();
});
afterAll(() => lake?.close());

it(
  "has alarms that fire, tell the topic and recover, each by its own cause",
  async () => {
    const outcome = await drive(lake, SOURCE, () => {});
    console.log(report(outcome));
    expect(outcome.faults).toEqual([]);
    expect(outcome.driven.length).toBeGreaterThan(20);
  },
  20 * 60_000,
);
