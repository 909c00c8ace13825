import { describe, expect, test } from "vitest";
import { costOf } from "../../../src/config/cost";
import { dayOf } from "../../../src/config/costs/day";
import {
  daysStored,
  FIRST_YEAR,
  storageLines,
  TWELFTH_MONTH,
} from "../../../src/config/costs/storage";
import { variablesSchema } from "../../../src/config/schema";

const FOREVER = Number.POSITIVE_INFINITY;
const RAW = /^s3\.raw\./;

function lines(values: Record<string, unknown>, span = FIRST_YEAR) {
  const variables = variablesSchema.parse(values);
  return Object.fromEntries(
    storageLines(variables, dayOf(variables), span).map((one) => [one.key, one]),
  );
}
const raw = (of: ReturnType<typeof lines>) =>
  Object.fromEntries(
    Object.entries(of)
      .filter(([key]) => RAW.test(key))
      .map(([key, { quantity }]) => [key.replace(RAW, ""), quantity]),
  );
const gb = (of: ReturnType<typeof lines>) =>
  Object.values(raw(of)).reduce((sum, one) => sum + one, 0);

describe("what has been landed and kept", () => {
  test("is on average of the year half of the year's days, and what is young is soon all there", () => {
    expect(daysStored(0, FOREVER, FIRST_YEAR)).toBeCloseTo(183, 9);
    expect(daysStored(0, 1, FIRST_YEAR)).toBe(1);
    // Nothing is a year old in the first.
    expect(daysStored(365, FOREVER, FIRST_YEAR)).toBe(0);
  });

  test("is in the twelfth month nearly the year's, of the old as of the young", () => {
    expect(daysStored(0, 90, TWELFTH_MONTH)).toBe(90);
    expect(daysStored(90, FOREVER, TWELFTH_MONTH)).toBeCloseTo(350.5 - 90, 9);
  });

  test.each([
    {},
    { raw_intelligent_tiering_days: 0, raw_glacier_days: 30 },
    { raw_intelligent_tiering_days: 100, raw_glacier_days: 101 },
    { workload: { files_per_day: 1_000_000 } },
  ])("is in some class, once: %j", (values) => {
    expect(gb(lines(values))).toBeCloseTo(183, 6);
  });
});

describe("the lifecycle", () => {
  test("lets data pass through the classes by its age", () => {
    const values = { raw_intelligent_tiering_days: 10, raw_glacier_days: 200 };
    const { standard, ...others } = raw(lines(values, TWELFTH_MONTH));
    expect(standard).toBe(10);
    expect(others).toEqual({
      tiering_frequent: 30,
      tiering_infrequent: 60,
      tiering_archive: 100,
      glacier: 350.5 - 200,
    });
  });

  test("ends each tier where Glacier begins", () => {
    const values = { raw_intelligent_tiering_days: 10, raw_glacier_days: 50 };
    expect(raw(lines(values, TWELFTH_MONTH))).toMatchObject({
      tiering_frequent: 30,
      tiering_infrequent: 10,
      tiering_archive: 0,
    });
  });

  test("moves no file below 128 KB, and watches none", () => {
    const small = lines({ workload: { gb_per_day: 1, files_per_day: 8193 } });
    expect(raw(small)).toMatchObject({ tiering_frequent: 0, glacier: 0 });
    for (const key of ["s3.tiering.watch", "s3.moves.tiering"])
      expect(small[key]?.quantity, key).toBe(0);
    const large = lines({ workload: { gb_per_day: 1, files_per_day: 8192 } });
    for (const key of ["s3.tiering.watch", "s3.moves.tiering"])
      expect(large[key]?.quantity, key).toBeGreaterThan(0);
  });

  test("is paid for each object that it moves, and for what Glacier keeps of it", () => {
    const values = {
      raw_intelligent_tiering_days: 10,
      raw_glacier_days: 50,
      workload: { gb_per_day: 1, files_per_day: 1000 },
    };
    const month = lines(values, TWELFTH_MONTH);
    expect(month["s3.moves.tiering"]?.quantity).toBeCloseTo(730 / 24, 9);
    expect(month["s3.moves.glacier"]?.quantity).toBeCloseTo(730 / 24, 9);
    const inGlacier = (350.5 - 50) * 1000;
    expect(month["s3.glacier.index"]?.quantity).toBeCloseTo((inGlacier * 32) / 1024 ** 2, 9);
    expect(month["s3.glacier.names"]?.quantity).toBeCloseTo((inGlacier * 8) / 1024 ** 2, 9);
  });
});

test("runs that write a day again leave what they replaced for four days", () => {
  const replaced = (runs: number) =>
    lines({ workload: { gb_per_day: 10, runs_per_day: runs } })["s3.replaced"]?.quantity;
  expect(replaced(1)).toBe(0);
  // The day is written 2.5 times, a fifth of raw each: 1.5 of them are replaced.
  expect(replaced(4)).toBeCloseTo(1.5 * 2 * 4, 9);
});

test("the twelfth month differs from the mean by what is stored", () => {
  const variables = variablesSchema.parse({});
  const { totalUsd, twelfthMonthUsd } = costOf({ name: "x", variables });
  const sum = (of: ReturnType<typeof lines>) =>
    Object.values(of).reduce((total, { usd }) => total + usd, 0);
  expect(twelfthMonthUsd - totalUsd).toBeCloseTo(sum(lines({}, TWELFTH_MONTH)) - sum(lines({})), 9);
  expect(twelfthMonthUsd).toBeGreaterThan(totalUsd);
});
