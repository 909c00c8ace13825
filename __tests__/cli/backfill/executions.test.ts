import { expect, test } from "vitest";
import { runInput, runName } from "../../../src/cli/backfill/executions";

const NOW = new Date("2026-11-23T13:30:05.042Z");

test("a run's name says what it is for, and no two are the same", () => {
  const name = runName("backfill", "flights", "2025-01-02", NOW);
  expect(name).toBe("backfill-flights-20250102-20261123T133005042Z");
  expect(runName("backfill", "flights", "2025-01-02", new Date(NOW.getTime() + 1))).not.toBe(name);
});

test("a long source is cut, so that AWS takes the name and the day and time stay", () => {
  const name = runName("backfill", "s".repeat(63), "2025-01-02", NOW);
  expect(name).toHaveLength(80);
  expect(name).toMatch(/^backfill-s+-20250102-20261123T133005042Z$/);
});

test("the input has the template's shape, with the days beside it", () => {
  expect(runInput("landing", "flights", ["2025-01-02", "2025-01-03"])).toEqual({
    detail: {
      bucket: { name: "landing" },
      object: { key: "raw/flights/year=2025/month=01/day=02/" },
    },
    batch: { source: "flights", partitions: ["2025-01-02", "2025-01-03"], pending: true },
  });
});
