/** What a run of the harness says at its end. Pure. */
import Table from "cli-table3";
import type { Outcome } from "./harness";

/** Differences that are shown; the rest is counted. */
const SHOWN = 20;

/** Whether the lake kept its promises. */
export function isWhole({ differences, reads }: Outcome): boolean {
  return differences.length === 0 && reads.torn.length === 0;
}

export function report(outcome: Outcome): string {
  const { plan, settled, reads, rows, quarantined, differences } = outcome;
  const operations = plan.rounds.flatMap(({ before, during }) => [...before, ...during]);
  const during = plan.rounds.reduce((sum, round) => sum + round.during.length, 0);
  const of = (kind: string) => operations.filter((one) => one.kind === kind).length;
  const struck = [...outcome.faults.values()].reduce((sum, times) => sum + times, 0);
  const lines: [string, string | number][] = [
    ["events", operations.length],
    ...["upload", "late", "overwrite", "again", "delete"].map((kind): [string, number] => [
      `  ${NAMES[kind]}`,
      of(kind),
    ]),
    ["  of them while a job ran", during],
    ["events more, to meet the faults", outcome.nudges * plan.sources.length],
    ["duplicates delivered", outcome.duplicates],
    ["faults injected", struck],
    ...[...outcome.faults]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([kind, times]): [string, string] => [`  ${kind}`, times ? `${times}` : "not met"]),
    ["executions", sum(outcome.executions)],
    ...[...outcome.executions]
      .sort()
      .map(([status, count]): [string, number] => [`  ${status.toLowerCase()}`, count]),
    ["Spark jobs", outcome.jobs],
    ["lake redrive had something to do", settled.redrives],
    ["  dead letters", settled.deadLetters],
    ["  days that had failed", settled.failed],
    ["  days that no run was to take", settled.untaken],
    ["  days left by a run that died", settled.abandoned],
    ["reads meanwhile, torn ones", `${reads.count}, ${reads.torn.length}`],
    ["rows expected", rows.expected],
    ["rows found", rows.found],
    ["quarantine expected", quarantined.expected],
    ["quarantine found", quarantined.found],
    ["differences", differences.length],
  ];
  const table = new Table({
    colAligns: ["left", "right"],
    style: { head: [], border: [], compact: true },
  });
  table.push(...lines);
  const shown = [
    ...[...outcome.failures].map(([why, times]) => `failed ${times} ×: ${why}`),
    ...reads.torn.slice(0, SHOWN).map((one) => `torn: ${one}`),
    ...differences
      .slice(0, SHOWN)
      .map((d) => `${d.where}: ${d.record}: expected ${d.expected}, found ${d.found}`),
  ];
  const rest = [reads.torn, differences].reduce((n, all) => n + Math.max(0, all.length - SHOWN), 0);
  return [
    table.toString(),
    ...shown,
    ...(rest > 0 ? [`… and ${rest} more`] : []),
    `${Math.round(outcome.seconds)} s`,
  ].join("\n");
}

const NAMES: Readonly<Record<string, string>> = {
  upload: "uploads",
  late: "uploads for an earlier day",
  overwrite: "overwritten with other records",
  again: "uploaded again as they were",
  delete: "deleted",
};

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
