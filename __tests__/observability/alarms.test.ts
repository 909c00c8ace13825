/** The table of alarms: what each watches, and that none of them could never fire, or never rest. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RUNNING_LOOK_MINUTES } from "../../lambda/metrics/contract";
import { type Alarm, describe as described, RUNBOOK } from "../../src/observability/alarm";
import { alarmsOf } from "../../src/observability/alarms";
import { isPublished } from "../../src/observability/aws-metrics";
import { ROOT } from "../support/lake";
import { ALARMS } from "./props";

const HOUR = 3600;
const DAY = 24 * HOUR;
const all = alarmsOf(ALARMS);
const named = (id: string, from = all): Alarm => {
  const found = from.find((alarm) => alarm.id === id);
  if (found === undefined) throw new Error(`no alarm ${id}: ${from.map((one) => one.id)}`);
  return found;
};

/** Whether values of the evaluated periods, `undefined` where there is none, set the alarm off. */
function breaches(alarm: Alarm, values: readonly (number | undefined)[]): boolean {
  const beyond = (value: number | undefined) => {
    if (value === undefined) return alarm.missing === "breaching";
    return alarm.comparison === "GreaterThanThreshold"
      ? value > alarm.threshold
      : value < alarm.threshold;
  };
  expect(values).toHaveLength(alarm.periods);
  return values.every(beyond);
}

const METRICS: Record<string, [metric: string, dimensions: object]> = {
  trigger_errors: ["AWS/Lambda Errors", { FunctionName: "lake-trigger-dev" }],
  trigger_throttles: ["AWS/Lambda Throttles", { FunctionName: "lake-trigger-dev" }],
  validate_errors: ["AWS/Lambda Errors", { FunctionName: "lake-validate-dev" }],
  validate_throttles: ["AWS/Lambda Throttles", { FunctionName: "lake-validate-dev" }],
  metrics_errors: ["AWS/Lambda Errors", { FunctionName: "lake-metrics-dev" }],
  metrics_throttles: ["AWS/Lambda Throttles", { FunctionName: "lake-metrics-dev" }],
  ingest_age: ["AWS/SQS ApproximateAgeOfOldestMessage", { QueueName: "lake-ingest-dev" }],
  ingest_dead_letters: [
    "AWS/SQS ApproximateNumberOfMessagesVisible",
    { QueueName: "lake-ingest-dlq-dev" },
  ],
  events_dead_letters: [
    "AWS/SQS ApproximateNumberOfMessagesVisible",
    { QueueName: "lake-events-dlq-dev" },
  ],
  emr_failures: ["AWS/EMRServerless FailedJobs", job()],
  emr_scheduled: ["AWS/EMRServerless ScheduledJobs", job()],
  emr_pending: ["AWS/EMRServerless PendingJobs", job()],
  executions_failed: ["AWS/States ExecutionsFailed", { StateMachineArn: "arn:machine" }],
  executions_timed_out: ["AWS/States ExecutionsTimedOut", { StateMachineArn: "arn:machine" }],
  executions_throttled: ["AWS/States ExecutionThrottled", { StateMachineArn: "arn:machine" }],
  quarantined_plain: ["DataLake QuarantinedPercent", own("plain")],
  quarantined_watched: ["DataLake QuarantinedPercent", own("watched")],
  freshness_watched: ["DataLake RowsWritten", own("watched")],
  long_run_watched: ["DataLake RunningMinutes", own("watched")],
};

function job() {
  return { ApplicationId: "00f1", ApplicationName: "lake-spark-dev" };
}
function own(Source: string) {
  return { Lake: "lake-dev", Source };
}

test("each watches one metric, and these are all of them", () => {
  const found = all.map(({ id, metric: { namespace, name, dimensions } }) => [
    id,
    [`${namespace} ${name}`, dimensions],
  ]);
  expect(Object.fromEntries(found)).toEqual(METRICS);
  expect(found).toHaveLength(Object.keys(METRICS).length);
});

describe.each(all)("$id", (alarm) => {
  test("watches a metric that is published with exactly these dimensions", () => {
    expect(isPublished(alarm.metric)).toBe(true);
  });

  test("looks back no longer than CloudWatch does", () => {
    // PutMetricAlarm, Period: seven days where a period has an hour or more, and one day else.
    const longest = alarm.periodSeconds >= HOUR ? 7 * DAY : DAY;
    expect(alarm.periodSeconds % 60).toBe(0);
    expect(alarm.periods * alarm.periodSeconds).toBeLessThanOrEqual(longest);
  });

  test("says what it means, what to do first and where to read on, in what CloudWatch takes", () => {
    const text = described(alarm);
    expect(alarm.means).toMatch(/^[A-Z].*\.$/);
    expect(alarm.first).toMatch(/^.{20,}$/);
    expect(text).toContain(` More: docs/operations.md#${alarm.anchor}`);
    expect(text.length).toBeLessThanOrEqual(1024);
  });

  test("leads to a section that says what it means, where to look and how to mend it", () => {
    const section = sectionOf(alarm.anchor);
    for (const word of ["**Means.**", "**Look.**", "**Mend.**"])
      expect(section, alarm.anchor).toContain(word);
  });

  test("rests while nothing happens, unless it is of what must happen", () => {
    const silence = new Array<undefined>(alarm.periods).fill(undefined);
    expect(breaches(alarm, silence)).toBe(alarm.id.startsWith("freshness_"));
    const good = new Array<number>(alarm.periods).fill(alarm.id.startsWith("freshness_") ? 1 : 0);
    expect(breaches(alarm, good)).toBe(false);
  });
});

test("commands can be typed as they stand: each names a command of lake, and the environment", () => {
  const commands = all.flatMap(({ first }) => first.match(/npx lake \S+ \S+/g) ?? []);
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) expect(command).toMatch(/^npx lake (check|redrive) dev$/);
});

test("what happens sets its alarm off by happening once, and its end is no news", () => {
  const events = all.filter(({ statistic, periods }) => statistic === "Sum" && periods === 1);
  expect(events.length).toBeGreaterThan(4);
  for (const alarm of events) {
    if (alarm.id === "metrics_errors") continue;
    expect([alarm.id, breaches(alarm, [1]), alarm.tellsEnd]).toEqual([alarm.id, true, false]);
    expect(alarm.periodSeconds).toBeLessThanOrEqual(300);
  }
});

test.each(["trigger_throttles", "validate_throttles", "metrics_throttles", "executions_throttled"])(
  "%s is told of where it goes on for a quarter of an hour, not of a burst",
  (id) => {
    const alarm = named(id);
    expect([alarm.statistic, alarm.periodSeconds]).toEqual(["Sum", 300]);
    expect(breaches(alarm, [1, 1, 1])).toBe(true);
    expect(breaches(alarm, [0, 900, 900])).toBe(false);
    expect(breaches(alarm, [900, undefined, 900])).toBe(false);
  },
);

test("metrics_errors tells of the third attempt: two that fail cost nothing", () => {
  const alarm = named("metrics_errors");
  expect([breaches(alarm, [2]), breaches(alarm, [3])]).toEqual([false, true]);
  // Lambda waits one and two minutes between its attempts, and each may take the function's timeout.
  expect(alarm.periodSeconds).toBeGreaterThan(3 * 60 + 3 * 180);
  expect(alarm.tellsEnd).toBe(false);
});

test("what lasts tells its end", () => {
  expect(all.filter(({ tellsEnd }) => tellsEnd).map(({ id }) => id)).toEqual([
    "trigger_throttles",
    "validate_throttles",
    "metrics_throttles",
    "ingest_dead_letters",
    "events_dead_letters",
    "emr_scheduled",
    "emr_pending",
    "executions_throttled",
    "freshness_watched",
    "long_run_watched",
  ]);
});

test.each([
  ["emr_scheduled", 10],
  ["emr_pending", 5],
])("%s goes off when there was such a job in each of %i minutes, and not before", (id, minutes) => {
  const alarm = named(id);
  expect([alarm.periodSeconds, alarm.statistic]).toEqual([60, "Minimum"]);
  const busy = new Array<number>(minutes).fill(1);
  expect(breaches(alarm, busy)).toBe(true);
  expect(breaches(alarm, [...busy.slice(1), 0])).toBe(false);
  expect(breaches(alarm, [...busy.slice(1), undefined])).toBe(false);
});

test("the queue's age is told of beyond two deliveries", () => {
  expect(breaches(named("ingest_age"), [660])).toBe(false);
  expect(breaches(named("ingest_age"), [661])).toBe(true);
});

test.each(["ingest_dead_letters", "events_dead_letters"])(
  "%s goes off at the first message, and rests when there is none",
  (id) => {
    expect([breaches(named(id), [0]), breaches(named(id), [1])]).toEqual([false, true]);
  },
);

describe("a source", () => {
  test("is told of above its share in quarantine, by one run alone", () => {
    const alarm = named("quarantined_watched");
    expect([breaches(alarm, [2.5]), breaches(alarm, [2.6])]).toEqual([false, true]);
    // An event that is delivered twice publishes twice: the highest is the same then.
    expect(alarm.statistic).toBe("Maximum");
  });

  test("is late after its hours without a row, whether a run wrote none or none ran", () => {
    const alarm = named("freshness_watched");
    expect([alarm.periods, alarm.periodSeconds]).toEqual([24, HOUR]);
    const hours = new Array<number | undefined>(23).fill(undefined);
    expect(breaches(alarm, [...hours, undefined])).toBe(true);
    expect(breaches(alarm, [...hours, 0])).toBe(true);
    expect(breaches(alarm, [...hours, 1])).toBe(false);
  });

  test("of the longest interval is still within what CloudWatch looks back", () => {
    const alarms = alarmsOf({ ...ALARMS, sources: { s: { everyHours: 168 } } });
    const { periods, periodSeconds } = named("freshness_s", alarms);
    expect(periods * periodSeconds).toBe(7 * DAY);
  });

  test("runs long beyond its minutes, in periods that hold a look wherever they begin", () => {
    const alarm = named("long_run_watched");
    expect([breaches(alarm, [30]), breaches(alarm, [30.1])]).toEqual([false, true]);
    expect(alarm.periodSeconds).toBeGreaterThanOrEqual(2 * RUNNING_LOOK_MINUTES * 60);
  });

  test("without expectations has no alarm", () => {
    expect(
      alarmsOf({ ...ALARMS, sources: { s: {} } }).filter(({ id }) => id.endsWith("_s")),
    ).toEqual([]);
  });
});

test("no two alarms share an address, or a name, whatever sources are called", () => {
  const sources = Object.fromEntries(
    ["errors", "failures", "age", "watched_long_run", "a_b"].map((source) => [
      source,
      { alarmPercent: 1, everyHours: 1, minutes: 1 },
    ]),
  );
  const ids = alarmsOf({ ...ALARMS, sources }).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("sources come in order of their names, so that a plan does not depend on the file's", () => {
  const { plain, strict, watched } = ALARMS.sources as Record<string, object>;
  const sources = { watched, strict, plain } as typeof ALARMS.sources;
  expect(alarmsOf({ ...ALARMS, sources })).toEqual(all);
});

/** A section of the runbook by its anchor, as GitHub makes them of headings. */
function sectionOf(anchor: string): string {
  const text = readFileSync(join(ROOT, RUNBOOK), "utf8");
  const sections = text.split(/^#{2,4} /m).slice(1);
  const found = sections.find((section) => {
    const heading = section.split("\n")[0] ?? "";
    return (
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .trim()
        .replace(/\s/g, "-") === anchor
    );
  });
  if (found === undefined) throw new Error(`${RUNBOOK} has no section #${anchor}`);
  return found;
}

test("every section of the runbook belongs to an alarm, or to the budget", () => {
  const text = readFileSync(join(ROOT, RUNBOOK), "utf8");
  const [, chapter = ""] = text.split(/^## When an alarm comes$/m);
  const headings = [...(chapter.split(/^## /m)[0] ?? "").matchAll(/^### (.*)$/gm)].map(
    ([, heading = ""]) => heading.toLowerCase().replaceAll(" ", "-"),
  );
  const anchors = new Set([...all.map(({ anchor }) => anchor), "the-budget-is-reached"]);
  expect(headings.sort()).toEqual([...anchors].sort());
});
