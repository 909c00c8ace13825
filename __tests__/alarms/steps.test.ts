/** Each alarm of every environment has a driver: one without is found here in seconds. */
import { describe, expect, it } from "vitest";
import { namingOf } from "../../src/config/naming-of";
import { physicalNames } from "../../src/naming";
import type { DeployedLake } from "../e2e/support/deployed-lake";
import { environments, lakeWith } from "../support/lake";
import type { Actions } from "./actions";
import type { Commands } from "./commands";
import { phasesOf, unmatched } from "./steps";

/** Steps are built without doing anything. */
function stepsFor(environment: Parameters<typeof namingOf>[0], source: string) {
  const names = physicalNames(namingOf(environment));
  const lake = { names, region: "us-east-1" } as DeployedLake;
  const context = { actions: {} as Actions, commands: {} as Commands, lastRows: () => new Date() };
  return phasesOf({ ...context, lake, source }).flat(2);
}

const lakes = Object.values(await environments());

describe.each(lakes)("the alarms of $name", (environment) => {
  it("all have a driver", () => {
    const deployed = Object.keys(environment.lake.all("aws_cloudwatch_metric_alarm"));
    const sources = Object.keys(environment.variables.sources);
    const driven = sources.flatMap((source) =>
      stepsFor(environment, source).flatMap(({ alarms }) => alarms),
    );
    expect(deployed.filter((id) => !driven.includes(id))).toEqual([]);
  });
});

it("drives what is deployed where everything is expected of a source, and nothing else", () => {
  const expected = { alarm_quarantined_percent: 5, expected_every_hours: 1, expected_minutes: 1 };
  const environment = lakeWith({
    account_id: "123456789012",
    sources: { orders: { format: "json", ...expected } },
  });
  const ids = Object.keys(environment.lake.all("aws_cloudwatch_metric_alarm"));
  const steps = stepsFor(environment, "orders");
  expect(unmatched(ids, steps)).toEqual([]);
  expect(unmatched([...ids, "moon_phase"], steps)).toEqual([
    "moon_phase: nothing drives it; __tests__/alarms/steps.ts says what drives each alarm",
  ]);
  expect(unmatched(ids.slice(1), steps)).toEqual([
    `${ids[0]}: is not deployed; __tests__/alarms/steps.ts says what drives each alarm`,
  ]);
});
