import { expect, test } from "vitest";
import { statesOf, stepsOf } from "./start-run";

const SAID = [
  { atMs: 1000, text: "Deploy state-local ..." },
  { atMs: 1100, text: "Deploy data-lake-local ..." },
  { atMs: 9000, text: "Deploy data-lake-local: planning" },
  { atMs: 11_000, text: "Deploy state-local: done in 10.0 s, 15 resources" },
  {
    atMs: 61_100,
    text: "Deploy data-lake-local: done in 1 min 0 s, 110 of 121 resources confirmed",
  },
  { atMs: 61_200, text: "Follow the pipeline ..." },
  { atMs: 62_000, text: "Follow the pipeline:   ValidateInput        0.5 s" },
  { atMs: 62_000, text: "Follow the pipeline: StartEMRJob" },
  { atMs: 73_000, text: "Follow the pipeline:   StartEMRJob          11.2 s" },
];

test("a step's time is between its first and its last line, side by side with others or not", () => {
  expect([...stepsOf(SAID)]).toEqual([
    ["Deploy state-local", 10],
    ["Deploy data-lake-local", 60],
  ]);
});

test("states are those that the run has left", () => {
  expect([...statesOf(SAID)]).toEqual([
    ["ValidateInput", 0.5],
    ["StartEMRJob", 11.2],
  ]);
});
