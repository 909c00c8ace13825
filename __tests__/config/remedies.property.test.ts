/** Whatever is wrong: what a fault says to do mends it, makes nothing else wrong, and ends. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fault, formatFaults } from "../../src/config/faults";
import { validate } from "../../src/config/validate";
import { mendings } from "../support/remedies";

/** A failure prints the seed and the path to its example. */
const RUNS = { seed: 20_260_401, numRuns: 100 };
/** One thing is done at a time, to some twenty variables, and it may bring to light what it hid. */
const MOST_STEPS = 40;

type Values = Record<string, unknown>;

function faultsOf(values: Values): readonly Fault[] {
  const result = validate({
    name: "dev",
    layers: [{ values, at: () => ({ origin: "env/dev.tfvars" }) }],
    jobs: ["etl.py"],
  });
  return "faults" in result ? result.faults : [];
}

const vcpu = fc.constantFrom(1, 2, 4, 8, 16);
const few = fc.integer({ min: -1, max: 12 });
const heap = fc.oneof(
  fc.integer({ min: 1, max: 130 }).map((size) => `${size}g`),
  fc.integer({ min: 500, max: 130_000 }).map((size) => `${size}m`),
  fc.constantFrom("1t", "4", "4gb", 4, null),
);
const days = fc.oneof(fc.integer({ min: -1, max: 400 }), fc.integer({ min: 3640, max: 3660 }));

/** What Spark and EMR read: any of it set, or not, and most of it within its bounds. */
const capacity = fc.record(
  {
    emr_max_workers: fc.oneof(
      fc.integer({ min: 0, max: 60 }),
      fc.constantFrom(9999, 10_000, 10_001),
    ),
    emr_worker_cpu: fc.oneof(vcpu, vcpu, fc.constantFrom(0, 3, 17, "4", 2.5)),
    emr_worker_memory: fc.integer({ min: 1, max: 121 }),
    emr_worker_disk: fc.integer({ min: 18, max: 202 }),
    spark_driver_cores: fc.oneof(vcpu, vcpu, fc.constantFrom(5, "two")),
    spark_driver_memory: heap,
    spark_executor_cores: vcpu,
    spark_executor_memory: heap,
    spark_min_executors: few,
    spark_executor_instances: few,
    spark_max_executors: fc.oneof(few, fc.constantFrom(9999, 10_000, 10_001)),
    max_concurrent_runs: fc.integer({ min: 0, max: 21 }),
  },
  { requiredKeys: [] },
);

const others = fc.record(
  {
    project: fc.constantFrom("lake", "p".repeat(40), "p".repeat(60), "p".repeat(2)),
    bucket_suffix: fc.constantFrom("acme", "s".repeat(35)),
    raw_intelligent_tiering_days: days,
    raw_glacier_days: days,
    emr_architecture: fc.constantFrom("ARM64", "x86", "arm"),
    log_retention_days: fc.integer({ min: 0, max: 4000 }),
    enable_vpc: fc.constantFrom(true, "false", 1),
    account_id: fc.constantFrom(123456789012, "123456789012"),
    sources: fc.constantFrom(
      { events: { format: "jsn" } },
      { events: { fromat: "json", format: "json" } },
      { events: {}, flights: { format: "csv" } },
    ),
    emr_max_worker: fc.constant(5),
  },
  { requiredKeys: [] },
);

function message(values: Values, way: Values, faults: readonly Fault[]): string {
  return [JSON.stringify(values), formatFaults(faults), "then", JSON.stringify(way)].join("\n");
}

/** Each thing that each fault says to do, done alone. */
function holds(values: Values): void {
  const faults = faultsOf(values);
  const before = new Set(faults.map(({ variable }) => variable));
  for (const fault of faults)
    for (const way of mendings(values, fault)) {
      const after = faultsOf(way);
      const said = message(values, way, faults);
      expect(formatFaults(after).split("\n"), said).not.toContain(formatFaults([fault]));
      // What it hid may come to light; where all was in sight, nothing new is wrong.
      if (faults.length === 1) expect(formatFaults(after), said).toBe("");
      else if (isRule(fault))
        for (const { variable } of after) expect(before, said).toContain(variable);
    }
}

/** A fault between values that the schema takes each: nothing is hidden by it. */
const isRule = ({ message: words }: Fault) => !/^(expected|unknown|holds)/.test(words);

/** Whichever way is taken, step by step, it ends with a sound environment. */
function ends(values: Values, choose: (count: number) => number): void {
  let now = values;
  const log: string[] = [JSON.stringify(now)];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const faults = faultsOf(now);
    log.push(formatFaults(faults));
    if (faults.length === 0) return;
    const ways = faults.flatMap((fault) => mendings(now, fault));
    // "Correct it": whoever wrote it finds another value, or does without.
    const [fault] = faults;
    const { [fault?.variable ?? ""]: _, ...rest } = now;
    now = ways[choose(ways.length || 1)] ?? rest;
  }
  throw new Error(log.join("\n"));
}

const choices = fc.infiniteStream(fc.nat(1000));
const chooser = (stream: Iterator<number>) => (count: number) => stream.next().value % count;

test("each remedy of each fault of Spark and EMR mends it and breaks nothing else", () => {
  fc.assert(
    fc.property(capacity, (values) => holds(values)),
    RUNS,
  );
});

test("each remedy of each fault of anything else does, too", () => {
  fc.assert(
    fc.property(others, (values) => holds(values)),
    RUNS,
  );
});

test("doing what the faults say, whichever first, ends with a sound environment", () => {
  fc.assert(
    fc.property(capacity, others, choices, (spark, rest, stream) =>
      ends({ ...spark, ...rest }, chooser(stream)),
    ),
    RUNS,
  );
});

test("no set of values throws anything but its faults", () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom("sources", "tags", "alert_emails", "x", "emr_max_workers"),
        fc.jsonValue(),
      ),
      (values) => {
        expect(() => faultsOf(values as Values)).not.toThrow();
      },
    ),
    RUNS,
  );
});
