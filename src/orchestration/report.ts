/** How a run ends: what it tells the topic, and in which state. */
import { RETRY, type State } from "./states";

export interface ReportProps {
  readonly topicArn: string;
  /** `s3://bucket/prefix` of the summaries, without a slash at the end. */
  readonly runsUri: string;
  /**
   * States that may fail, each with what is entered then, and the path of the days that the run
   * had taken; all ways lead to `SendFailure`. Where a state fails in two ways, `state` is its name.
   */
  readonly failures: Readonly<
    Record<string, { readonly next: string; readonly days?: string; readonly state?: string }>
  >;
}

/** Success and failure both reach the topic; a failure then ends in Fail with its cause. */
export function report(props: ReportProps): Record<string, State> {
  const publish = (subject: string, message: Record<string, string>) => ({
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: { TopicArn: props.topicArn, Subject: subject, Message: message },
    ResultPath: null,
    Retry: [{ ...RETRY, ErrorEquals: ["States.TaskFailed", "States.Timeout"] }],
    TimeoutSeconds: 60,
  });
  // Named states rather than a field, since the context object does not say which state failed.
  const failed = Object.fromEntries(
    Object.entries(props.failures).map(([failure, { next: Next, days, state = failure }]) => [
      `${failure}Failed`,
      {
        Type: "Pass",
        Parameters: {
          state,
          "error.$": "$.failure.Error",
          "cause.$": "$.failure.Cause",
          // An execution may not end in an error of Step Functions' own, such as States.Timeout.
          name: `${failure}Failed`,
          ...(days === undefined ? { partitions: [] } : { "partitions.$": days }),
          "text.$": "States.Format('{}: {}', $.failure.Error, $.failure.Cause)",
        },
        ResultPath: "$.failure",
        Next,
      },
    ]),
  );
  return {
    SendSuccess: {
      ...publish("ETL Success", {
        "run.$": "$$.Execution.Name",
        "source.$": "$.source",
        "partitions.$": "$.taken.days",
        "summary.$": `States.Format('${props.runsUri}/{}/summary.json', $$.Execution.Name)`,
      }),
      // The table is written: a topic that is out of reach does not undo that.
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.notification", Next: "Done" }],
      End: true,
    },
    Done: { Type: "Succeed" },
    ...failed,
    SendFailure: {
      ...publish("ETL Failure", {
        "run.$": "$$.Execution.Name",
        "execution.$": "$$.Execution.Id",
        "state.$": "$.failure.state",
        "error.$": "$.failure.error",
        "cause.$": "$.failure.cause",
        // Those that failed; the others wait for the next run.
        "partitions.$": "$.failure.partitions",
        remedy:
          "the earlier data stands. When the cause is mended, npx lake redrive <environment> shows the days that failed or wait, and runs them",
        "input.$": "$$.Execution.Input",
      }),
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.notification", Next: "Untold" }],
      Next: "PipelineFailed",
    },
    PipelineFailed: { Type: "Fail", ErrorPath: "$.failure.name", CausePath: "$.failure.text" },
    // An error of another name than those above: the trigger sees that nobody was told, and tells.
    Untold: { Type: "Fail", Error: "Untold", CausePath: "$.failure.text" },
  };
}
