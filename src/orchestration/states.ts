/** What states of the pipeline share, whatever they do. */

/** States that are their own words: `{ Type, … }`. */
export type State = Record<string, unknown>;

/** On any error that no Retry took: tell, then fail. The error lands beside the input. */
export function orReportFailure(state: string) {
  return {
    ErrorEquals: ["States.ALL"],
    ResultPath: "$.failure",
    Next: `${state}Failed`,
  };
}

/**
 * What is tried again, two minutes long: every error of a call. Throttling has another name in each
 * service and kind of integration, mostly documented nowhere; what no trying mends stands before
 * it, as `never`. A call that is tried again must do nothing the second time.
 */
export const RETRY = {
  ErrorEquals: ["States.TaskFailed"],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

/** One write to one item of a DynamoDB table; what it answers is left aside. */
export function updateItem(
  tableName: string,
  id: Readonly<Record<string, string>>,
  change: {
    readonly UpdateExpression: string;
    readonly ConditionExpression?: string;
    readonly ExpressionAttributeValues: State;
  },
  retry: readonly State[] = [RETRY],
): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::dynamodb:updateItem",
    Parameters: { TableName: tableName, Key: { id }, ...change },
    ResultPath: null,
    Retry: retry,
  };
}

/** What is not tried again. */
export function never(...errors: string[]) {
  return { ErrorEquals: errors, MaxAttempts: 0 };
}
