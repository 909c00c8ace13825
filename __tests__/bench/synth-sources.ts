/** How a synthesis grows with the sources of an environment, and how many AWS's limits hold. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MOST_SOURCES } from "../../src/config/source-rules";
import { median, type Ratio, spread, tableOf } from "./ratio";
import { fitting, usesOf } from "./synth-limits";
import { type Cost, costIn, stacksIn } from "./synth-program";

const HALF = MOST_SOURCES / 2;
/** Sources of each environment: one holds 500, so that a thousand are two. */
const LADDER = [[1], [10], [100], [HALF], [MOST_SOURCES], [MOST_SOURCES, MOST_SOURCES]] as const;

/** What a number of sources took, round by round. */
interface Rung {
  readonly sources: number;
  readonly costs: readonly Cost[];
  readonly resources: number;
}

/**
 * Synthesizes 1, 10, 100, 250, 500 and twice 500 sources, each with all that may be expected of it.
 * The second 250 are compared with the first by processor seconds, since what else the machine does
 * is not in them: what grows in a line gives 1, what grows with the square 3. Half as much again is
 * room for the difference of two figures that is half a second itself.
 */
export async function bySources(folder: string, rounds: number): Promise<Ratio[]> {
  const projects = LADDER.map((counts) => projectOf(folder, counts));
  const costs: Cost[][] = LADDER.map(() => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, project] of projects.entries()) costs[index]?.push(await costIn(project));
  const rungs = projects.map((project, index): Rung => {
    const stacks = Object.values(stacksIn(join(project, "cdktf.out")));
    const resources = stacks
      .flatMap(({ resource }) => Object.values(resource))
      .reduce((sum, elements) => sum + Object.keys(elements).length, 0);
    const sources = (LADDER[index] ?? []).reduce((sum, count) => sum + count, 0);
    return { sources, costs: costs[index] ?? [], resources };
  });
  console.log(`by sources, each with three alarms; rounds: ${rounds}\n${rungTable(rungs)}`);
  console.log(`what AWS limits, of one environment\n${limitTable(projects)}`);
  const [one, , , half, most, thousand] = rungs as [Rung, Rung, Rung, Rung, Rung, Rung];
  return [
    {
      what: "processor seconds a source from 250 to 500 sources ÷ from 1 to 250",
      rounds: one.costs.map((_, round) => slope(half, most, round) / slope(one, half, round)),
      goal: { atMost: 1.5 },
    },
    {
      what: "peak memory of 1,000 sources ÷ 1 GB",
      rounds: thousand.costs.map(({ peakMb }) => peakMb / 1024),
      goal: { atMost: 1 },
    },
  ];
}

/** `sources` for a tfvars file in JSON, as long as all their names are. */
export function sourcesOf(count: number): Record<string, object> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `source_${String(index).padStart(4, "0")}`,
      { format: "json", expected_every_hours: 24, expected_minutes: 60 },
    ]),
  );
}

function projectOf(folder: string, counts: readonly number[]): string {
  const project = mkdtempSync(join(folder, "sources-"));
  mkdirSync(join(project, "env"));
  for (const [index, count] of counts.entries())
    writeFileSync(
      join(project, "env", `bench-${index + 1}.tfvars.json`),
      JSON.stringify({ sources: sourcesOf(count) }),
    );
  return project;
}

/** Processor seconds for one source more. */
function slope(less: Rung, more: Rung, round: number): number {
  const seconds = (rung: Rung) => rung.costs[round]?.cpuSeconds ?? Number.NaN;
  return (seconds(more) - seconds(less)) / (more.sources - less.sources);
}

function rungTable(rungs: readonly Rung[]): string {
  const rows = rungs.map((rung, index) => {
    const { sources, costs, resources } = rung;
    const before = rungs[index - 1];
    const slopes = before ? costs.map((_, round) => slope(before, rung, round) * 1000) : [];
    return [
      sources > MOST_SOURCES ? `${sources}, in two environments` : sources,
      spread(
        costs.map(({ seconds }) => seconds),
        "s",
      ),
      spread(
        costs.map(({ cpuSeconds }) => cpuSeconds),
        "s",
      ),
      slopes.length > 0 ? spread(slopes, "ms") : "",
      `${median(costs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
      resources,
    ];
  });
  const head = ["sources", "seconds", "processor", "ms a source more", "peak memory", "resources"];
  return tableOf(head, rows);
}

function limitTable(projects: readonly string[]): string {
  const counts = [1, HALF, MOST_SOURCES];
  const [one, half, most] = counts.map((count) => {
    const index = LADDER.findIndex(([first], i) => first === count && LADDER[i]?.length === 1);
    const stacks = stacksIn(join(projects[index] ?? "", "cdktf.out"));
    const [, lake] = Object.entries(stacks).find(([name]) => name.startsWith("data-lake-")) ?? [];
    if (lake === undefined) throw new Error(`no lake of ${count} sources`);
    return usesOf(lake);
  });
  const rows = (one ?? []).map(({ what, most: limit, used: first }, index) => {
    const [used = 0, last = 0] = [half?.[index]?.used, most?.[index]?.used];
    // By the upper half: the inline policy is full by then, and grows no more.
    const fit = fitting({ sources: HALF, used }, { sources: MOST_SOURCES, used: last }, limit);
    return [what, limit, first, used, last, fit ?? "any"];
  });
  const sources = counts.map((count) => `${count} sources`);
  return tableOf(["limit", "AWS takes", ...sources, "sources that fit"], rows);
}
