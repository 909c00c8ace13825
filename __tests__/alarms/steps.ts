/** What drives each alarm. An alarm that none of these names has no driver. */
import type { DeployedLake } from "../e2e/support/deployed-lake";
import type { Actions } from "./actions";
import { file } from "./actions";
import type { Commands } from "./commands";

export interface Step {
  /** Addresses of the alarms that this one cause makes fire. */
  readonly alarms: readonly string[];
  /** The cause, for the table. */
  readonly by: string;
  readonly bring: () => Promise<unknown>;
  /** Brings it about again in each CloudWatch minute until the alarms fire: they ask for more than one. */
  readonly again?: () => Promise<unknown>;
  /** Ends what has been brought about; without it, it is over by itself. */
  readonly mend?: () => Promise<unknown>;
  /** Since when there has been the cause, where that is earlier than it is brought. */
  readonly since?: () => Date;
}

/** Steps of a lane follow each other; lanes of a phase go on side by side; phases follow each other. */
export type Phase = readonly (readonly Step[])[];

/** Seconds of a CloudWatch minute while things happen, and while only time has to pass. */
export const MINUTE_SECONDS = 3;
export const LAPSE_SECONDS = 0.25;

export interface StepsContext {
  readonly lake: DeployedLake;
  readonly source: string;
  readonly actions: Actions;
  readonly commands: Commands;
  /** When rows of the source were written last. */
  readonly lastRows: () => Date;
}

export function phasesOf(context: StepsContext): readonly Phase[] {
  const { lake, source, actions, commands, lastRows } = context;
  let held = "";
  let tooLarge = "";
  const { ingest, ingestDlq, eventsDlq } = lake.names.queue;
  const machine = `arn:aws:states:${lake.region}:123456789012:stateMachine:${lake.names.stateMachine.etlPipeline}`;
  /** A job of the pipeline runs, and goes on running. */
  const running = lazily(async () => {
    await commands.hold("RUNNING");
    held = await actions.startRun();
  });
  const brokenAndThrottled = (name: "trigger" | "validate" | "metrics"): Step[] => {
    const callBroken = () => actions.callBroken(lake.names.function[name]);
    const callThrottled = () => actions.callThrottled(lake.names.function[name]);
    return [
      {
        alarms: [`${name}_errors`],
        by: "a handler that its code does not have",
        bring: async () => {
          await running();
          await callBroken();
        },
        // One error of it is none yet.
        ...(name === "metrics" && { again: callBroken }),
      },
      {
        alarms: [`${name}_throttles`],
        by: "a reserved concurrency of 0, for minutes",
        bring: callThrottled,
        again: callThrottled,
      },
    ];
  };
  const throttle = () =>
    commands.metric({
      namespace: "AWS/States",
      name: "ExecutionThrottled",
      dimensions: { StateMachineArn: machine },
      region: lake.region,
    });
  return [
    [
      [
        {
          alarms: [`long_run_${source}`],
          by: "a job that goes on for more than its minute",
          bring: running,
        },
      ],
      [
        ...brokenAndThrottled("trigger"),
        {
          alarms: ["ingest_dead_letters"],
          by: "a message that is no event, five times",
          bring: () => actions.poison(ingest),
          mend: () => actions.purge(ingestDlq),
        },
      ],
      brokenAndThrottled("validate"),
      brokenAndThrottled("metrics"),
      [
        {
          alarms: ["emr_pending"],
          by: "a job held in PENDING",
          bring: async () => {
            await running();
            await commands.hold("PENDING");
            tooLarge = await actions.submitTooLargeJob();
          },
          mend: () => commands.release("PENDING"),
        },
        {
          alarms: ["emr_scheduled"],
          by: "a job of 101 workers",
          bring: () => actions.waitForJob(tooLarge, "SCHEDULED"),
          mend: () => actions.cancel(tooLarge),
        },
      ],
      [
        {
          alarms: ["events_dead_letters"],
          by: "a queue that refuses an event",
          bring: async () => {
            await running();
            const key = actions.key();
            await commands.refuse("sqs", "SendMessage", key);
            await actions.put(key, file(1, 0));
          },
          mend: () => actions.purge(eventsDlq),
        },
      ],
      [
        {
          alarms: ["executions_throttled"],
          by: "data: nothing here throttles",
          bring: throttle,
          again: throttle,
        },
      ],
    ],
    [
      [
        {
          alarms: ["executions_timed_out"],
          by: "the same run, its time being over",
          bring: async () => {
            await commands.timeOut(held);
            await commands.release("RUNNING");
          },
        },
      ],
    ],
    [
      [
        {
          alarms: ["ingest_age"],
          by: "a file while ingestion is paused",
          bring: async () => {
            await actions.pause();
            await actions.put(actions.key(), file(10, 0));
          },
        },
        {
          alarms: [`freshness_${source}`],
          by: "an hour without rows, and two more",
          since: lastRows,
          bring: () => commands.lapse(LAPSE_SECONDS),
          mend: async () => {
            await commands.lapse(MINUTE_SECONDS);
            await actions.resume();
          },
        },
        {
          alarms: [`quarantined_${source}`],
          by: "a file with every third line broken",
          bring: () => actions.ingest(10, 5),
        },
        {
          alarms: ["emr_failures", "executions_failed"],
          by: "a file of broken lines alone",
          bring: () => actions.ingest(0, 10),
        },
      ],
    ],
  ];
}

/**
 * Alarms without a driver, and drivers without an alarm, in sentences.
 * @param deployed addresses of the alarms
 */
export function unmatched(deployed: readonly string[], steps: readonly Step[]): string[] {
  const driven = steps.flatMap(({ alarms }) => alarms);
  return [
    ...deployed.filter((id) => !driven.includes(id)).map((id) => `${id}: nothing drives it`),
    ...driven.filter((id) => !deployed.includes(id)).map((id) => `${id}: is not deployed`),
  ].map((fault) => `${fault}; __tests__/alarms/steps.ts says what drives each alarm`);
}

/** Does it once, whoever asks first. */
function lazily<T>(work: () => Promise<T>): () => Promise<T> {
  let once: Promise<T> | undefined;
  return () => {
    once ??= work();
    return once;
  };
}
