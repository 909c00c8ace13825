import { describe, expect, it } from "vitest";
import { differences, multiset, torn, total } from "./accounts";
import type { Outcome } from "./harness";
import { SOURCES } from "./lake";
import { planOf } from "./plan";
import { isWhole, report } from "./report";
import { added } from "./settle";

const ROW = ["orders", "2025-10-09", "s1.v1.0of1", "7", null];

describe("accounts", () => {
  it("are even where the same records stand, in any order", () => {
    const [a, b] = [ROW, ["orders", "2025-10-09", "s1.v2.0of1", null, "x"]];
    expect(differences("table", multiset([a, b]), multiset([b, a]))).toEqual([]);
    expect(total(multiset([a, b, a]))).toBe(3);
  });

  it.each([
    ["is lost", [], 0],
    ["stands twice", [ROW, ROW], 2],
  ])("show a record that %s", (_, found, times) => {
    expect(differences("table", multiset([ROW]), multiset(found))).toEqual([
      { where: "table", record: JSON.stringify(ROW), expected: 1, found: times },
    ]);
  });

  it.each([
    ["has another value", ["orders", "2025-10-09", "s1.v1.0of1", "8", null]],
    ["has an empty text for a null", ["orders", "2025-10-09", "s1.v1.0of1", "7", ""]],
    ["lies under another day", ["orders", "2025-10-08", "s1.v1.0of1", "7", null]],
  ])("show a record that %s as one lost and one too many", (_, found) => {
    const shown = differences("table", multiset([ROW]), multiset([found]));
    expect(shown.map((one) => [one.expected, one.found]).sort()).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
});

describe("a torn read", () => {
  it("is a file's version of which some records are there, or one is there twice", () => {
    expect(torn(["s1.v1.0of2", "s1.v1.1of2", "s1.v2.0of1"])).toEqual([]);
    expect(torn(["s1.v1.0of2"])).toEqual(["s1.v1: 1 of 2 records"]);
    expect(torn(["s1.v1.0of1", "s1.v1.0of1"])).toEqual(["s1.v1: 2 of 1 records"]);
    expect(torn(["s1.v1.0of2", "s1.v1.0of2"])).toEqual(["s1.v1: 2 of 2 records"]);
  });

  it("is seen where a record has another's name, or none", () => {
    expect(torn([null])).toHaveLength(1);
  });
});

describe("what lake redrive tells", () => {
  it("is added up, whatever it names", () => {
    const told = [
      "lake-local-ingest-dlq: 12 messages",
      "  raw/orders/year=2025/month=10/day=09/7 messages",
      "lake-local-events-dlq: 1 message",
      "clicks: 2 days failed (2025-10-09, 2025-10-10)",
      "orders: 1 day pending, for no run (2025-10-09)",
      "orders: 3 days pending: etl-1 takes them (2025-10-08)",
      "orders: 1 day left by a run that died (2025-10-07)",
    ].join("\n");
    const none = { redrives: 0, deadLetters: 0, failed: 0, untaken: 0, abandoned: 0 };
    expect(added(none, told)).toEqual({
      ...{ redrives: 1, deadLetters: 13, failed: 2, untaken: 1, abandoned: 1 },
    });
    expect(added(added(none, told), "q: 1,000 messages").deadLetters).toBe(1013);
  });
});

describe("the report", () => {
  const outcome: Outcome = {
    plan: planOf({ seed: 1, events: 40, sources: SOURCES }),
    duplicates: 3,
    nudges: 2,
    faults: new Map([
      ["SNS down", 2],
      ["crawler busy", 0],
    ]),
    executions: new Map([
      ["SUCCEEDED", 4],
      ["FAILED", 1],
    ]),
    failures: new Map([["StartEMRJobFailed: killed", 1]]),
    jobs: 5,
    settled: { redrives: 1, deadLetters: 6, failed: 1, untaken: 0, abandoned: 2 },
    reads: { count: 9, torn: [] },
    rows: { expected: 10, found: 10 },
    quarantined: { expected: 2, found: 2 },
    differences: [],
    seconds: 61.4,
  };

  it("tells events, duplicates, faults, executions, rows and differences", () => {
    const text = report(outcome);
    for (const line of [
      /events .* 40 /,
      /events more.* 6 /,
      /duplicates delivered .* 3 /,
      /faults injected .* 2 /,
      /crawler busy .* not met /,
      /executions .* 5 /,
      /^.*failed .* 1 /m,
      /dead letters .* 6 /,
      /left by a run that died .* 2 /,
      /rows expected .* 10 /,
      /rows found .* 10 /,
      /differences .* 0 /,
      /^failed 1 ×: StartEMRJobFailed: killed$/m,
    ])
      expect(text).toMatch(line);
    expect(isWhole(outcome)).toBe(true);
  });

  it("shows what differs, and counts what it does not show", () => {
    const differing = Array.from({ length: 30 }, (_, at) => ({
      where: "table" as const,
      record: `record ${at}`,
      expected: 1,
      found: 0,
    }));
    const text = report({ ...outcome, differences: differing });
    expect(text).toContain("table: record 0: expected 1, found 0");
    expect(text).toContain("… and 10 more");
    expect(isWhole({ ...outcome, differences: differing })).toBe(false);
    expect(isWhole({ ...outcome, reads: { count: 9, torn: ["orders: x"] } })).toBe(false);
  });
});
