import { expect, test } from "vitest";
import type { Waiting } from "../../../src/cli/backfill/waiting";
import { daysOf } from "../../../src/cli/redrive/stuck-days";

const NOTHING: Waiting = {
  source: "flights",
  ...{ pending: [], waiter: undefined, taking: [], takenBy: undefined, failed: [] },
};

/** What is told where only these executions run. */
function told(waiting: Partial<Waiting>, ...running: string[]) {
  return daysOf({ ...NOTHING, ...waiting }, async (execution) => running.includes(execution));
}

test("nothing waits where nothing is", async () => {
  expect(await told({})).toEqual({ source: "flights", lines: [], toRun: [] });
});

test("days that failed are to run", async () => {
  expect(await told({ failed: ["2025-01-01", "2025-01-02"] })).toEqual({
    source: "flights",
    lines: ["flights: 2 days failed (2025-01-01, 2025-01-02)"],
    toRun: ["2025-01-01", "2025-01-02"],
  });
});

test("days that a run will take, or has, are left to it", async () => {
  const waiting = {
    ...{ pending: ["2025-01-01"], waiter: "next" },
    ...{ taking: ["2025-01-02"], takenBy: "now" },
  };
  expect(await told(waiting, "next", "now")).toEqual({
    source: "flights",
    lines: [
      "flights: 1 day pending: next takes them (2025-01-01)",
      "flights: 1 day in now (2025-01-02)",
    ],
    toRun: [],
  });
});

test.each([{ waiter: undefined }, { waiter: "dead" }])(
  "days that wait for %j are to run",
  async ({ waiter }) => {
    const { lines, toRun } = await told({ pending: ["2025-01-01"], waiter }, "another");
    expect(lines).toEqual(["flights: 1 day pending, for no run (2025-01-01)"]);
    expect(toRun).toEqual(["2025-01-01"]);
  },
);

test("days of a run that died are to run, each once with those that failed", async () => {
  const { lines, toRun } = await told({
    taking: ["2025-01-02", "2025-01-03"],
    takenBy: "dead",
    failed: ["2025-01-01", "2025-01-02"],
  });
  expect(lines.at(-1)).toBe("flights: 2 days left by a run that died (2025-01-02, 2025-01-03)");
  expect(toRun).toEqual(["2025-01-01", "2025-01-02", "2025-01-03"]);
});

test("of many days the first are named", async () => {
  const failed = Array.from({ length: 12 }, (_, i) => `2025-01-${String(i + 1).padStart(2, "0")}`);
  const { lines } = await told({ failed });
  expect(lines[0]).toMatch(/^flights: 12 days failed \(2025-01-01, .*2025-01-10, and 2 more\)$/);
});
