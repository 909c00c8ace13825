/** A lake's status as a page of text. Pure. */
import { waitOf } from "../phases";
import type { RunRecord } from "../runs";
import { type Column, formatTable } from "../table";
import { count, plural, seconds } from "../terminal";
import { visible } from "../visible";
import type { Advice } from "./advice";
import type { QueueState } from "./queues";
import type { SourceState } from "./sources";
import { isRead, type LakeStatus, type Unread } from "./status";

/** Characters of a run's failure that are shown. */
const QUOTED = 240;

/** One paragraph for each part; nothing in it needs colour. */
export function formatStatus(status: LakeStatus, advice: readonly Advice[]): string {
  const { environment, region, account, at } = status;
  return [
    `${environment}: ${region}, account ${account}, ${utc(at)}`,
    facts(status).join("\n"),
    section("Queues", status.queues, (queues) => queueTable(queues)),
    section("Sources", status.sources, (sources) => sourceTable(sources, at)),
    ...(isRead(status.stuckDays) && status.stuckDays.length > 0
      ? [`Days\n${indented(status.stuckDays.flatMap(({ lines }) => lines).join("\n"))}`]
      : []),
    ...(status.running.length > 0
      ? [`Running\n${indented(runningTable(status.running, at))}`]
      : []),
    status.lastRuns.length === 0
      ? "Last runs\n  none yet"
      : `Last runs\n${indented(runTable(status.lastRuns, at))}`,
    ...failures(status.lastRuns),
    todo(advice),
  ].join("\n\n");
}

/** `2 h 5 min`, `3 d 4 h`: for an operator, who needs no seconds of a day. */
export function age(from: Date, to: Date): string {
  const total = Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
  if (total < 60) return `${total} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? `${hours} h ${minutes % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function facts({ application, ingestion, alarms, at }: LakeStatus): string[] {
  const line = (label: string, text: string) => `${label.padEnd(12)} ${text}`;
  return [
    line(
      "Application",
      told(application, ({ state, jobs, maxVcpu }) =>
        [
          state,
          ...(state === "CREATED" || state === "STOPPED" ? ["starts with the next job"] : []),
          jobsText(jobs),
          ...(maxVcpu === undefined ? [] : [`at most ${maxVcpu} vCPU`]),
        ].join(", "),
      ),
    ),
    line(
      "Ingestion",
      told(ingestion, ({ state }) => state),
    ),
    line(
      "Alarms",
      told(alarms, ({ total, inAlarm, insufficientData }) =>
        [
          `${inAlarm.length} of ${total} in ALARM`,
          ...(insufficientData > 0 ? [`${insufficientData} without enough data`] : []),
        ].join(", "),
      ),
    ),
    ...(isRead(alarms)
      ? alarms.inAlarm.map(
          ({ name, since }) => `             ! ${visible(name)}, for ${age(since, at)}`,
        )
      : []),
  ];
}

function jobsText(jobs: Readonly<Record<string, number>>): string {
  const known = Object.entries(jobs).map(([state, number]) => `${plural(number, "job")} ${state}`);
  return known.length === 0 ? "no job" : known.join(", ");
}

function told<T extends object>(part: T | Unread, words: (part: T) => string): string {
  return isRead(part) ? words(part) : "not told";
}

function section<T extends object>(title: string, part: T | Unread, body: (part: T) => string) {
  return `${title}\n${indented(told(part, body))}`;
}

function queueTable(queues: readonly QueueState[]): string {
  return table(
    ["queue", "waiting #", "in flight #", "oldest"],
    queues.map(({ name, isDeployed, waiting, inFlight, oldestSeconds }) => [
      name,
      isDeployed ? count(waiting) : "gone",
      isDeployed ? count(inFlight) : "",
      oldestSeconds === undefined
        ? waiting > 0
          ? "not measured yet"
          : ""
        : seconds(oldestSeconds * 1000),
    ]),
  );
}

function sourceTable(sources: readonly SourceState[], at: Date): string {
  return table(
    ["source", "last write", "newest day", "expected", "state"],
    sources.map(({ source, lastWrite, newestDay, expectedEveryHours, state }) => [
      source,
      lastWrite === undefined ? "" : `${age(lastWrite, at)} ago`,
      newestDay ?? "",
      expectedEveryHours === undefined ? "" : `every ${expectedEveryHours} h`,
      { fresh: "fresh", late: "LATE", empty: "no data yet", unwatched: "no expectation" }[state],
    ]),
  );
}

function runningTable(runs: readonly RunRecord[], at: Date): string {
  return table(
    ["run", "source", "state", "for", ""],
    runs.map(({ name, source, currentState, currentSince, startedAt, days }) => [
      name,
      source ?? "?",
      currentState ?? "starting",
      age(currentSince ?? startedAt, at),
      waitOf(currentState ?? "") ?? (days ? plural(days.length, "day") : ""),
    ]),
  );
}

function runTable(runs: readonly RunRecord[], at: Date): string {
  return table(
    ["run", "source", "state", "started", "took", "rows #", "quarantined #"],
    runs.map(({ name, source, state, startedAt, endedAt, summary }) => [
      name,
      source ?? "?",
      state,
      `${age(startedAt, at)} ago`,
      endedAt ? seconds(endedAt.getTime() - startedAt.getTime()) : "",
      summary ? count(summary.rows_written) : state === "SUCCEEDED" ? "nothing to do" : "",
      summary ? count(summary.rows_quarantined) : "",
    ]),
  );
}

/** Why runs failed: a paragraph of lines that need not be as wide as a table. */
function failures(runs: readonly RunRecord[]): string[] {
  const lines = runs.flatMap(({ name, failure }) =>
    failure === undefined
      ? []
      : [
          `  ${visible(`${name}${failure.state === undefined ? "" : ` in ${failure.state}`}: ${failure.error}`)}`,
          `    ${visible(clipped(failure.cause))}`,
        ],
  );
  return lines.length === 0 ? [] : [["Failures", ...lines].join("\n")];
}

function todo(advice: readonly Advice[]): string {
  if (advice.length === 0) return "Nothing needs you.";
  const lines = advice.flatMap(({ what, remedy }) => [
    `  ! ${visible(what)}`,
    ...remedy.map((one) => `      ${visible(one)}`),
  ]);
  return ["What to do", ...lines].join("\n");
}

/** Heads that end in `#` are of numbers. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = heads.map(
    (head): Column => ({
      name: head.replace(/ #$/, ""),
      type: head.endsWith("#") ? "bigint" : "varchar",
    }),
  );
  return formatTable(columns, rows);
}

/** What the job itself said, where EMR Serverless wraps it, in one line. */
function clipped(text: string): string {
  const said = /Last few exceptions: (.+)/s.exec(text)?.[1] ?? text;
  const line = said.trim().replaceAll(/\s+/g, " ");
  return line.length > QUOTED ? `${line.slice(0, QUOTED - 1)}…` : line;
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

function utc(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
