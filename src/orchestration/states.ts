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

/** What may pass by waiting, from every AWS service. */
export function retryTransient(...errors: string[]) {
  return {
    ErrorEquals: errors,
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: "FULL",
  };
}

/** What may pass by waiting, from DynamoDB. */
export const RETRY_DYNAMODB = retryTransient(
  "DynamoDB.ProvisionedThroughputExceededException",
  "DynamoDB.RequestLimitExceeded",
  "DynamoDB.ThrottlingException",
  "DynamoDB.InternalServerError",
  "DynamoDB.SdkClientException",
);
