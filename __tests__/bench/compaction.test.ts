import { expect, test } from "vitest";
import { type Run, ratiosOf, slopeOf } from "./compaction";

/** Runs of equal batches of 10 bytes, of which each reads all that came. */
const runs = (seconds: readonly number[]): Run[] =>
  seconds.map((each, at) => {
    const rawBytes = 10 * (at + 1);
    return {
      batch: at + 1,
      rawBytes,
      readBytes: rawBytes,
      writtenBytes: 1,
      files: 1,
      seconds: each,
    };
  });

test("what all runs read together grows with the square of their number", () => {
  const [files, read] = ratiosOf(runs([9, 1, 1, 1]));
  expect(files?.rounds).toEqual([1 / 4]);
  expect(read?.rounds).toEqual([(10 + 20 + 30 + 40) / 40]);
});

test("the last runs are compared with the first warm ones", () => {
  const [, , seconds] = ratiosOf(runs([100, 2, 4, 5, 6, 8]));
  expect(seconds?.rounds).toEqual([8 / 2]);
  expect(() => ratiosOf(runs([1, 2]))).toThrow("at least three runs");
});

test("a slope is what one more adds", () => {
  expect(
    slopeOf([
      [1, 5],
      [2, 7],
      [4, 11],
    ]),
  ).toBeCloseTo(2);
});
