/** Alarms on what a source is expected to be: mostly good, fresh, and done in time. */
import { RUNNING_LOOK_MINUTES } from "../../lambda/metrics/contract";
import { type Alarm, whileAbove } from "./alarm";
import { metricOf } from "./aws-metrics";

/** What an environment expects of one source. */
export interface SourceExpectations {
  /** Percent of the rows in quarantine, of the days that a run read, above which somebody is told; none: nobody is. */
  readonly alarmPercent?: number | undefined;
  /** Hours in which data comes at least once. @default nobody is told when none comes */
  readonly everyHours?: number | undefined;
  /** Minutes that a job takes at most. @default nobody is told when one takes long */
  readonly minutes?: number | undefined;
}

export interface SourceAlarmsProps {
  /** Name of the lake, the first dimension of its metrics. */
  readonly lake: string;
  readonly sources: Readonly<Record<string, SourceExpectations>>;
}

export function sourceAlarms({ lake, sources }: SourceAlarmsProps): Alarm[] {
  return Object.entries(sources)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([source, expected]) => [
      ...quarantine(lake, source, expected),
      ...freshness(lake, source, expected),
      ...longRun(lake, source, expected),
    ]);
}

/** The highest of a period: an event that AWS delivers twice counts once. */
function quarantine(Lake: string, Source: string, { alarmPercent }: SourceExpectations): Alarm[] {
  if (alarmPercent === undefined) return [];
  return [
    {
      ...whileAbove(alarmPercent, {
        id: `quarantined_${Source}`,
        means: `More than ${alarmPercent} % of the rows of ${Source} are in quarantine, of the days that a run read; the rest was published.`,
        first:
          "query the reasons in the quarantine: a column renamed, a type changed, a file cut off?",
        anchor: "too-much-is-in-quarantine",
        metric: metricOf("sources", "QuarantinedPercent", { Lake, Source }),
      }),
      // It is said of one run: the next tells of itself.
      tellsEnd: false,
    },
  ];
}

/**
 * Here silence is what is told of: a missing hour is an hour without rows. It is told of later than
 * `everyHours`, since CloudWatch looks at more periods than it is told to where some have no data:
 * by two in the local AWS, by a number that AWS does not say there.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
function freshness(Lake: string, Source: string, { everyHours }: SourceExpectations): Alarm[] {
  if (everyHours === undefined) return [];
  return [
    {
      id: `freshness_${Source}`,
      means: `No run wrote a row of ${Source} in ${everyHours} h, be it of a new day or an old one; one is expected at least that often.`,
      first:
        "did files land under raw/? If so a run has failed or waits; if not, ask whoever sends them.",
      anchor: "no-data-comes",
      metric: metricOf("sources", "RowsWritten", { Lake, Source }),
      statistic: "Sum",
      // With an hour, an alarm may look back for seven days; with less, for one.
      periodSeconds: 3600,
      periods: everyHours,
      comparison: "LessThanThreshold",
      threshold: 1,
      missing: "breaching",
      tellsEnd: true,
    },
  ];
}

/**
 * Twice the time between two looks: a period always has one, whichever way the two clocks lie. No
 * job, no data, and that is well.
 */
function longRun(Lake: string, Source: string, { minutes }: SourceExpectations): Alarm[] {
  if (minutes === undefined) return [];
  return [
    whileAbove(minutes, {
      id: `long_run_${Source}`,
      means: `A job of ${Source} has run for more than ${minutes} minutes, longer than expected.`,
      first:
        "look at its driver's log and the Spark UI: more data than usual, or skewed, or stuck?",
      anchor: "a-job-runs-longer-than-expected",
      metric: metricOf("sources", "RunningMinutes", { Lake, Source }),
      periodSeconds: 2 * RUNNING_LOOK_MINUTES * 60,
    }),
  ];
}
