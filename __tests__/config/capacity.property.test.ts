/** What is accepted fits, by another calculation than the reader's; what does not fit is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capacityOf, runsThatFit } from "../../src/config/capacity";
import { validate } from "../../src/config/validate";
import {
  fits,
  largestHeapMb,
  mostGb,
  type Shape,
  variablesOf,
  WORKERS,
} from "../support/spark-arithmetic";

/** A failure prints the seed and the path to its example. */
const RUNS = { seed: 20_260_401, numRuns: 400 };

function judge(values: Readonly<Record<string, unknown>>) {
  const result = validate({
    name: "dev",
    layers: [{ values, at: () => ({ origin: "env/dev.tfvars" }) }],
    jobs: undefined,
  });
  return "faults" in result
    ? { accepted: false as const, faults: result.faults }
    : { accepted: true as const, variables: result.variables };
}

const accepts = (shape: Shape) => judge(variablesOf(shape)).accepted;

/** A little off, as often as not. */
const off = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 1) },
);
const atLeast = (least: number, value: number) => Math.max(least, value);

/** A worker that EMR Serverless offers. */
const worker = fc
  .constantFrom(...WORKERS)
  .chain(({ vcpu, sizes }) =>
    fc.record({ vcpu: fc.constant(vcpu), memory: fc.constantFrom(...sizes) }),
  );

/** A container on such a worker, whose heap is often the largest or one MB off it. */
function container(vcpu: number, memory: number, error: fc.Arbitrary<number>) {
  return fc
    .constantFrom(...WORKERS.map((one) => one.vcpu).filter((cores) => cores <= vcpu))
    .chain((cores) => {
      const most = largestHeapMb(Math.min(memory, mostGb(cores)));
      const heap = fc.oneof(fc.constant(most), fc.integer({ min: 512, max: most }));
      return fc
        .record({ cores: fc.constant(cores), heap, off: error })
        .map((c) => ({ cores: c.cores, heap: Math.max(512, c.heap + c.off) }));
    });
}

/** A shape whose every figure is what the others allow, or `error` beside it. */
function shapes(error: fc.Arbitrary<number>): fc.Arbitrary<Shape> {
  return worker.chain(({ vcpu, memory }) =>
    fc
      .record({
        driver: container(vcpu, memory, error),
        executor: container(vcpu, memory, error),
        disk: fc.integer({ min: 20, max: 200 }),
        most: fc.integer({ min: 1, max: 60 }),
        runs: fc.integer({ min: 1, max: 20 }),
        spare: fc.oneof(fc.constant(0), fc.nat(70)),
        less: fc.tuple(fc.nat(3), fc.nat(3)),
        errors: fc.tuple(error, error, error, error),
      })
      .map(({ most, runs, spare, less, errors, ...rest }) => {
        const initial = atLeast(0, most - 1 - less[0] + errors[0]);
        return {
          ...rest,
          vcpu,
          memory: atLeast(2, memory + errors[1]),
          most,
          initial,
          least: atLeast(0, initial - less[1] + errors[2]),
          runs,
          workers: atLeast(1, runs * (1 + most) + spare + errors[3]),
        };
      }),
  );
}

const sound = shapes(fc.constant(0));
const near = shapes(off);

describe("an environment", () => {
  test("is accepted where Spark fits, and refused where it does not", () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(near, (shape) => {
        const accepted = accepts(shape);
        seen[accepted ? "accepted" : "refused"] += 1;
        expect(accepted).toBe(fits(shape));
      }),
      RUNS,
    );
    // The property says little where nearly all is of one kind.
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(RUNS.numRuns / 10);
  });

  test("whose figures have nothing to do with each other is judged no differently", () => {
    const cores = fc.constantFrom(...WORKERS.map(({ vcpu }) => vcpu));
    const part = fc.record({ cores, heap: fc.integer({ min: 512, max: 130_000 }) });
    const few = fc.integer({ min: 0, max: 12 });
    const wild = fc.record({
      workers: fc.integer({ min: 1, max: 100 }),
      vcpu: cores,
      memory: fc.integer({ min: 2, max: 120 }),
      disk: fc.integer({ min: 20, max: 200 }),
      driver: part,
      executor: part,
      least: few,
      initial: few,
      most: fc.integer({ min: 1, max: 30 }),
      runs: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(wild, (shape) => {
        expect(accepts(shape)).toBe(fits(shape));
      }),
      RUNS,
    );
  });

  test("that is accepted has room for every run's total in vCPU, memory and disk", () => {
    fc.assert(
      fc.property(sound, (shape) => {
        const { asked, available } = capacityOf(variablesOf(shape));
        expect(accepts(shape)).toBe(true);
        for (const key of ["vcpu", "memoryGb", "diskGb"] as const)
          expect(shape.runs * asked[key]).toBeLessThanOrEqual(available[key]);
      }),
      RUNS,
    );
  });
});

describe("one step beyond a bound:", () => {
  /** Sound shapes with nothing to spare, and what is one too many. */
  const steps: Record<string, (shape: Shape) => Shape> = {
    "one worker fewer": (s) => ({ ...s, workers: s.workers - 1 }),
    "one executor more": (s) => ({ ...s, most: s.most + 1 }),
    "one run more": (s) => ({ ...s, runs: s.runs + 1 }),
    "a start with as many executors as there may be": (s) => ({ ...s, initial: s.most }),
    "more kept than started with": (s) => ({ ...s, least: s.initial + 1 }),
    "a heap that is one MB larger, of the driver": (s) => larger(s, "driver"),
    "a heap that is one MB larger, of executors": (s) => larger(s, "executor"),
    "one GB beyond the largest worker": (s) => ({ ...s, memory: mostGb(s.vcpu) + 1 }),
    "cores of the next worker, for the driver": (s) => moreCores(s, "driver"),
    "cores of the next worker, for executors": (s) => moreCores(s, "executor"),
  };
  const larger = (s: Shape, kind: "driver" | "executor"): Shape => ({
    ...s,
    [kind]: { ...s[kind], heap: largestHeapMb(Math.min(s.memory, mostGb(s[kind].cores))) + 1 },
  });
  const moreCores = (s: Shape, kind: "driver" | "executor"): Shape => ({
    ...s,
    [kind]: { ...s[kind], cores: s.vcpu * 2 },
  });
  const tight = sound.map((s) => ({
    ...s,
    runs: Math.min(s.runs, 19),
    workers: Math.min(s.runs, 19) * (1 + s.most),
  }));

  test.each(Object.entries(steps))("%s is refused", (_, step) => {
    fc.assert(
      fc.property(tight, (shape) => {
        expect(accepts(shape)).toBe(true);
        expect(fits(step(shape))).toBe(false);
        expect(accepts(step(shape))).toBe(false);
      }),
      { ...RUNS, numRuns: 60 },
    );
  });
});

test("the runs that fit are those for whose containers there are workers", () => {
  fc.assert(
    fc.property(sound, (shape) => {
      const runs = Math.floor(shape.workers / (1 + shape.most));
      expect(runsThatFit(variablesOf(shape))).toBe(runs);
      const { max_concurrent_runs: _, ...rest } = variablesOf(shape);
      const result = judge(rest);
      expect(result.accepted && result.variables.max_concurrent_runs).toBe(Math.min(runs, 20));
    }),
    RUNS,
  );
});

test("what is pre-warmed is no more than what there may be", () => {
  fc.assert(
    fc.property(near, (shape) => {
      if (!accepts(shape)) return;
      const { driver, executor, available } = capacityOf(variablesOf(shape));
      for (const key of ["vcpu", "memoryGb", "diskGb"] as const)
        expect(driver[key] + shape.initial * executor[key]).toBeLessThanOrEqual(available[key]);
    }),
    RUNS,
  );
});

test("heaps that are not set fit, whatever the worker", () => {
  fc.assert(
    fc.property(sound, (shape) => {
      const { spark_driver_memory: _, spark_executor_memory: __, ...rest } = variablesOf(shape);
      const result = judge(rest);
      expect(result.accepted).toBe(true);
      if (!result.accepted) return;
      for (const kind of ["driver", "executor"] as const) {
        const heap = Number.parseInt(result.variables[`spark_${kind}_memory`], 10) * 1024;
        const most = largestHeapMb(Math.min(shape.memory, mostGb(shape[kind].cores)));
        expect(heap).toBeLessThanOrEqual(most);
        // Not one GB is left.
        expect(heap + 1024).toBeGreaterThan(most);
      }
    }),
    RUNS,
  );
});
