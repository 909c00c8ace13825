import { expect, test } from "vitest";
import { lakeWith } from "../support/lake";
import { characters } from "../support/policy-text";
import { ref } from "../support/synth";
import { fitting, type Use, usesOf } from "./synth-limits";
import { sourcesOf } from "./synth-sources";

function used(count: number): Record<string, number> {
  const uses: Use[] = usesOf(JSON.parse(lakeWith({ sources: sourcesOf(count) }).lake.text));
  return Object.fromEntries(uses.map(({ what, used }) => [what, used]));
}

test("a source is one line of a graph, four of the dashboard and three alarms", () => {
  const [two, three] = [used(2), used(3)];
  const more = Object.keys(two).filter((what) => two[what] !== three[what]);
  // So few are not the most yet: another graph has more lines, and another role a longer policy.
  expect(more).toEqual(["lines of a dashboard", "alarms of an account"]);
  const difference = (what: string) => (three[what] ?? 0) - (two[what] ?? 0);
  expect(difference("lines of a dashboard")).toBe(4);
  expect(difference("alarms of an account")).toBe(3);
  expect(used(100)["lines of a graph"]).toBe(100);
});

test("all is measured: nothing of the lake that is limited is missing", () => {
  for (const [what, value] of Object.entries(used(100))) expect(value, what).toBeGreaterThan(0);
});

test("what grows fits so often, and what does not any number of times", () => {
  expect(fitting({ sources: 10, used: 30 }, { sources: 20, used: 50 }, 100)).toBe(45);
  expect(fitting({ sources: 10, used: 30 }, { sources: 20, used: 50 }, 99)).toBe(44);
  expect(fitting({ sources: 10, used: 30 }, { sources: 20, used: 30 }, 100)).toBeUndefined();
});

test("a reference counts as long as what it may stand for; one of unknown length is refused", () => {
  expect(characters(`a ${ref("data.aws_partition.current.partition")}\n`)).toBe(11);
  expect(() => characters(ref("local.name"))).toThrow("how long is local.name?");
});
