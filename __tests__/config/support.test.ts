import { describe, expect, test } from "vitest";
import {
  emrSupport,
  lambdaSupport,
  nodeSupport,
  supportState,
  supportWords,
  terraformSupport,
} from "../../src/config/support";

const on = (day: string) => new Date(`${day}T12:00:00Z`);

describe("support of an EMR release", () => {
  test.each([
    // The day is published.
    ["emr-7.5.0", "2026-11-20", "2026-11-20"],
    ["emr-7.14.0", "2028-09-08", "2028-09-08"],
    // It lies between those of its neighbours.
    ["emr-7.12.0", "2027-08-15", "2028-04-21"],
    ["emr-7.3.1", "2026-10-15", "2026-11-12"],
    // Older than all that are known.
    ["emr-6.15.0", "", "2026-11-16"],
    ["emr-7.2.0", "", "2026-11-16"],
    ["emr-5.36.0", "", "2026-11-16"],
  ])("%s ends between %s and %s", (release, earliest, latest) => {
    expect(emrSupport(release)).toEqual({ earliest, latest });
  });

  test.each(["emr-7.15.0", "emr-8.0.0", "emr-10.0.0"])("%s is too new to be known", (release) => {
    expect(emrSupport(release)).toBeUndefined();
  });
});

test.each([
  ["terraform", terraformSupport("1.11.4"), "2027-02-28"],
  ["Node.js", nodeSupport("20.9.0"), "2026-04-30"],
  ["Lambda", lambdaSupport("nodejs22.x"), "2027-04-30"],
])("%s is looked up by its version", (_, end, lastDay) => {
  expect(end).toEqual({ earliest: lastDay, latest: lastDay });
});

test.each([terraformSupport("1.99.0"), nodeSupport("99.0.0"), lambdaSupport("nodejs99.x")])(
  "what the table does not have is not guessed",
  (end) => {
    expect(end).toBeUndefined();
  },
);

describe("a day", () => {
  const exact = { earliest: "2026-11-20", latest: "2026-11-20" };
  const between = { earliest: "2026-11-20", latest: "2027-05-19" };
  test.each([
    [exact, "2026-08-22", "supported", "ends on 2026-11-20"],
    [exact, "2026-08-23", "ends soon", "ends on 2026-11-20"],
    [exact, "2026-11-20", "ends soon", "ends on 2026-11-20"],
    [exact, "2026-11-21", "ended", "ended on 2026-11-20"],
    [between, "2026-08-22", "supported", "ends between 2026-11-20 and 2027-05-19"],
    [between, "2026-11-21", "may have ended", "ends by 2027-05-19, and may have ended"],
    [between, "2027-05-19", "may have ended", "ends by 2027-05-19, and may have ended"],
    [between, "2027-05-20", "ended", "ended by 2027-05-19"],
  ] as const)("%j on %s: %s, %s", (end, today, state, words) => {
    expect([supportState(end, on(today)), supportWords(end, on(today))]).toEqual([state, words]);
  });
});
