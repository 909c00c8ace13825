/** The lake on one page: is data fresh, is anything failing, what does it cost, how full is it. */
import { type Metric, metricOf } from "./aws-metrics";
import {
  alarmStates,
  type Graph,
  graph,
  layOut,
  type PlacedWidget,
  text,
  type Widget,
} from "./widgets";

export interface DashboardProps {
  /** Name of the lake, the first dimension of its metrics. */
  readonly lake: string;
  readonly region: string;
  /** Names of the sources. */
  readonly sources: readonly string[];
  /** ARNs of all alarms, and of those that tell that a source is late. */
  readonly alarmArns: readonly string[];
  readonly freshnessAlarmArns: readonly string[];
  readonly application: { readonly id: string; readonly name: string };
  /** The most that all jobs may have together. */
  readonly capacity: { readonly vcpu: number; readonly memoryGb: number };
  readonly stateMachineArn: string;
  /** Names. */
  readonly functions: readonly string[];
  readonly queues: { readonly ingest: string; readonly deadLetters: readonly string[] };
  readonly monthlyBudgetUsd: number;
  /** Region of the prices that the jobs' cost is reckoned with. */
  readonly pricesRegion: string;
  /** What the lake is expected to cost. @default not shown */
  readonly monthlyEstimateUsd?: number | undefined;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What `PutDashboard` takes, before it is text. */
export function dashboardBody(props: DashboardProps): {
  readonly start: string;
  readonly periodOverride: "inherit";
  readonly widgets: readonly PlacedWidget[];
} {
  return {
    // Long enough for two days of cost and a source that comes once a day.
    start: "-P3D",
    // Or CloudWatch would choose periods by the range that is shown: the titles would be wrong.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    periodOverride: "inherit",
    widgets: layOut([...freshness(props), ...failures(props), ...cost(props), ...capacity(props)]),
  };
}

function heading(question: string): Widget {
  return text(24, 1, `## ${question}`);
}

function freshness(props: DashboardProps): Widget[][] {
  const states = alarmStates(8, 6, "Sources that are expected", props.freshnessAlarmArns);
  const none = text(
    8,
    6,
    "No source has `expected_every_hours`: nobody is told when its data stops coming.",
  );
  return [
    [heading("Is data fresh?")],
    [
      graph(props.region, 16, 6, {
        title: "Rows written an hour, of the days that runs read",
        lines: bySource(props, "RowsWritten"),
        stat: "Sum",
        periodSeconds: HOUR,
        view: "bar",
        unit: "rows",
      }),
      ...(states.length > 0 ? states : [none]),
    ],
  ];
}

function failures(props: DashboardProps): Widget[][] {
  const { region, application, stateMachineArn, queues } = props;
  const machine = { StateMachineArn: stateMachineArn };
  const jobs = { ApplicationId: application.id, ApplicationName: application.name };
  const happened: Pick<Graph, "stat" | "periodSeconds" | "view"> = {
    stat: "Sum",
    periodSeconds: 5 * MINUTE,
    view: "bar",
  };
  return [
    [heading("Is anything failing?")],
    alarmStates(24, 5, "Alarms: what each means and what to do is in docs/operations.md", [
      ...props.alarmArns,
    ]),
    [
      graph(region, 8, 6, {
        title: "Runs and jobs that failed",
        lines: [
          line("runs failed", metricOf("executions", "ExecutionsFailed", machine)),
          line("runs timed out", metricOf("executions", "ExecutionsTimedOut", machine)),
          line("transitions throttled", metricOf("executions", "ExecutionThrottled", machine)),
          line("jobs failed", metricOf("jobs", "FailedJobs", jobs)),
        ],
        ...happened,
      }),
      graph(region, 8, 6, {
        title: "Functions: errors and throttles",
        lines: props.functions.flatMap((FunctionName) => [
          line(`${FunctionName} errors`, metricOf("functions", "Errors", { FunctionName })),
          line(`${FunctionName} throttles`, metricOf("functions", "Throttles", { FunctionName })),
        ]),
        ...happened,
      }),
      graph(region, 8, 6, {
        title: "Dead letters",
        lines: queues.deadLetters.map((QueueName) =>
          line(QueueName, metricOf("queues", "ApproximateNumberOfMessagesVisible", { QueueName })),
        ),
        stat: "Maximum",
        periodSeconds: 5 * MINUTE,
        unit: "messages",
      }),
      graph(region, 8, 6, {
        title: "Oldest event that waits",
        lines: [
          line(
            queues.ingest,
            metricOf("queues", "ApproximateAgeOfOldestMessage", { QueueName: queues.ingest }),
          ),
        ],
        stat: "Maximum",
        periodSeconds: MINUTE,
        unit: "seconds",
      }),
      graph(region, 8, 6, {
        title: "Rows in quarantine, percent of the days that a run read",
        lines: bySource(props, "QuarantinedPercent"),
        stat: "Maximum",
        periodSeconds: HOUR,
        unit: "%",
      }),
      graph(region, 8, 6, {
        title: "How long jobs run",
        lines: bySource(props, "JobSeconds"),
        stat: "Maximum",
        periodSeconds: HOUR,
        unit: "seconds",
      }),
    ],
  ];
}

function cost(props: DashboardProps): Widget[][] {
  const { monthlyEstimateUsd: estimate, monthlyBudgetUsd: budget } = props;
  const lines = [
    `Budget: **${budget} USD** a month, of the whole account.`,
    ...(estimate === undefined
      ? []
      : [`Estimate: **${estimate.toFixed(2)} USD** a month, line by line: \`lake cost\`.`]),
    "The graph is what AWS bills for the jobs' workers. Storage, requests and what is kept warm are in Cost Explorer, by the tags `Project` and `Environment`.",
  ];
  return [
    [heading("What does it cost?")],
    [
      graph(props.region, 16, 6, {
        title: `Spark jobs by source, a day${atPricesOf(props)}`,
        start: "-P30D",
        lines: bySource(props, "CostUsd"),
        stat: "Sum",
        periodSeconds: DAY,
        view: "bar",
        unit: "USD",
      }),
      text(8, 6, lines.join("\n\n")),
    ],
  ];
}

/** Costs of another region are of the right order, no more. */
function atPricesOf({ region, pricesRegion }: DashboardProps): string {
  return region === pricesRegion ? "" : `, at prices of ${pricesRegion}`;
}

function capacity(props: DashboardProps): Widget[][] {
  const { region, application } = props;
  const jobs = { ApplicationId: application.id, ApplicationName: application.name };
  const allocated = (name: "CPUAllocated" | "MemoryAllocated") =>
    (["Spark_Driver", "Spark_Executor"] as const).flatMap((WorkerType) =>
      (["PreInitCapacity", "OnDemandCapacity"] as const).map((CapacityAllocationType) =>
        line(
          `${WORKERS[WorkerType]}, ${POOLS[CapacityAllocationType]}`,
          metricOf("workers", name, { ...jobs, WorkerType, CapacityAllocationType }),
        ),
      ),
    );
  const area = (
    title: string,
    name: "CPUAllocated" | "MemoryAllocated",
    value: number,
    unit: string,
  ) =>
    graph(region, 10, 6, {
      title,
      lines: allocated(name),
      stat: "Maximum",
      periodSeconds: MINUTE,
      isStacked: true,
      limit: { value, label: `maximum capacity, ${value} ${unit}` },
      unit,
    });
  return [
    [heading("How full is the capacity?")],
    [
      area("vCPU of workers", "CPUAllocated", props.capacity.vcpu, "vCPU"),
      area("Memory of workers", "MemoryAllocated", props.capacity.memoryGb, "GB"),
      graph(region, 4, 6, {
        title: "Jobs now, and what EMR allows",
        lines: [
          line("running", metricOf("jobs", "RunningJobs", jobs)),
          line("scheduled", metricOf("jobs", "ScheduledJobs", jobs)),
          line("pending", metricOf("jobs", "PendingJobs", jobs)),
          line("vCPU allowed", metricOf("limits", "MaxCPUAllowed", jobs)),
          line("GB allowed", metricOf("limits", "MaxMemoryAllowed", jobs)),
        ],
        stat: "Maximum",
        periodSeconds: MINUTE,
        view: "singleValue",
      }),
    ],
  ];
}

/** How AWS names workers and pools in the dimensions, in our words. */
const WORKERS = { Spark_Driver: "driver", Spark_Executor: "executors" } as const;
const POOLS = { PreInitCapacity: "kept ready", OnDemandCapacity: "on demand" } as const;

function line(label: string, metric: Metric) {
  return { label, metric };
}

function bySource(
  { lake, sources }: DashboardProps,
  name: Parameters<typeof metricOf<"sources">>[1],
) {
  return sources.map((Source) => line(Source, metricOf("sources", name, { Lake: lake, Source })));
}
