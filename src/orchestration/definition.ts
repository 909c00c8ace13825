/** The state machine as plain data (Amazon States Language, JSONPath only). */
import { type SparkSettings, sparkSubmitParameters } from "./spark-submit";

export interface DefinitionProps {
  readonly validateFunctionArn: string;
  readonly applicationId: string;
  readonly executionRoleArn: string;
  /** `s3://` URIs of the script, its packages and the sources' configuration. */
  readonly entryPoint: string;
  readonly packages: string;
  readonly config: string;
  /** `s3://bucket/zone`, without a slash at the end. */
  readonly rawUri: string;
  readonly processedUri: string;
  readonly quarantineUri: string;
  /** `s3://bucket/prefix` of the summaries, without a slash at the end. */
  readonly runsUri: string;
  /** `s3://` URI that drivers and executors log under. */
  readonly logUri: string;
  readonly logGroupName: string;
  readonly spark: SparkSettings;
  /** Minutes after which the job is cancelled. */
  readonly jobTimeoutMinutes: number;
  readonly crawlerName: string;
  /** Seconds between two looks at the crawler. */
  readonly crawlerPollSeconds: number;
  readonly topicArn: string;
}

/** States that are their own words: `{ Type, … }`. */
type State = Record<string, unknown>;

/** Slack above the job's own limit, in which EMR Serverless cancels it and says so. */
const CANCEL_MINUTES = 10;
/** Longest a crawl may take, ours or one that runs already, in seconds. */
const CRAWL_SECONDS = 60 * 60;
/** Longest that anything else in an execution takes, in seconds. */
const REST_SECONDS = 15 * 60;

/** The pipeline: the template's states under their names, and those that wait and report. */
export function definition(props: DefinitionProps) {
  return {
    Comment: "ETL Pipeline",
    StartAt: "ValidateInput",
    TimeoutSeconds:
      (props.jobTimeoutMinutes + CANCEL_MINUTES) * 60 + 2 * CRAWL_SECONDS + REST_SECONDS,
    States: {
      ValidateInput: validateInput(props),
      HasValidData: {
        Type: "Choice",
        Choices: [{ Variable: "$.filesFound", BooleanEquals: true, Next: "StartEMRJob" }],
        Default: "NoDataFound",
      },
      NoDataFound: { Type: "Succeed" },
      StartEMRJob: startEmrJob(props),
      ...crawl(props),
      ...report(props),
    } as Record<string, State>,
  };
}

/** On any error that no Retry took: tell, then fail. The error lands beside the input. */
function orReportFailure(state: string) {
  return [
    {
      ErrorEquals: ["States.ALL"],
      ResultPath: "$.failure",
      Next: `${state}Failed`,
    },
  ];
}

/** What may pass by waiting, from every AWS service. */
function retryTransient(...errors: string[]) {
  return {
    ErrorEquals: errors,
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: "FULL",
  };
}

function validateInput(props: DefinitionProps): State {
  return {
    Type: "Task",
    Resource: props.validateFunctionArn,
    TimeoutSeconds: 120,
    Retry: [
      // Trying again does not make a malformed input whole.
      { ErrorEquals: ["InvalidInput"], MaxAttempts: 0 },
      retryTransient(
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
        "Lambda.Unknown",
      ),
    ],
    Catch: orReportFailure("ValidateInput"),
    Next: "HasValidData",
  };
}

function startEmrJob(props: DefinitionProps): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::emr-serverless:startJobRun.sync",
    Parameters: {
      "Name.$": "$$.Execution.Name",
      // One execution is one job run, however often this request is sent.
      "ClientToken.$": "States.Hash($$.Execution.Id, 'SHA-1')",
      ApplicationId: props.applicationId,
      ExecutionRoleArn: props.executionRoleArn,
      ExecutionTimeoutMinutes: props.jobTimeoutMinutes,
      JobDriver: {
        SparkSubmit: {
          EntryPoint: props.entryPoint,
          "EntryPointArguments.$": entryPointArguments(props),
          SparkSubmitParameters: sparkSubmitParameters(props.spark, props.packages),
        },
      },
      ConfigurationOverrides: {
        MonitoringConfiguration: {
          S3MonitoringConfiguration: { LogUri: props.logUri },
          CloudWatchLoggingConfiguration: { Enabled: true, LogGroupName: props.logGroupName },
        },
      },
    },
    ResultSelector: { "jobRunId.$": "$.JobRunId" },
    ResultPath: "$.job",
    TimeoutSeconds: (props.jobTimeoutMinutes + CANCEL_MINUTES) * 60,
    Retry: [
      retryTransient(
        "EMRServerless.ThrottlingException",
        "EMRServerless.InternalServerException",
        "EMRServerless.SdkClientException",
      ),
    ],
    Catch: orReportFailure("StartEMRJob"),
    Next: "RunGlueCrawler",
  };
}

function entryPointArguments(props: DefinitionProps): string {
  const literals: [string, string][] = [
    ["--config", props.config],
    ["--raw", props.rawUri],
    ["--processed", props.processedUri],
    ["--quarantine", props.quarantineUri],
  ];
  return `States.Array(${[
    "'--run-id', $$.Execution.Name",
    "'--source', $.source",
    "'--partitions', States.JsonToString($.partitions)",
    `'--summary', States.Format('${props.runsUri}/{}/summary.json', $$.Execution.Name)`,
    ...literals.map(([flag, value]) => `'${flag}', '${value}'`),
  ].join(", ")})`;
}

/** Starts the crawler, waits until the crawl has ended, and judges it. */
function crawl(props: DefinitionProps): Record<string, State> {
  const transient = retryTransient("Glue.OperationTimeoutException", "Glue.ThrottlingException");
  return {
    RunGlueCrawler: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:glue:startCrawler",
      Parameters: { Name: props.crawlerName },
      ResultPath: null,
      Retry: [
        // A crawl that runs already may have passed our files: wait for it, then start another.
        {
          ErrorEquals: ["Glue.CrawlerRunningException"],
          IntervalSeconds: props.crawlerPollSeconds,
          MaxAttempts: Math.ceil(CRAWL_SECONDS / props.crawlerPollSeconds),
          BackoffRate: 1,
        },
        transient,
      ],
      Catch: orReportFailure("RunGlueCrawler"),
      Next: "WaitForCrawler",
    },
    WaitForCrawler: {
      Type: "Wait",
      Seconds: props.crawlerPollSeconds,
      Next: "GetCrawler",
    },
    GetCrawler: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:glue:getCrawler",
      Parameters: { Name: props.crawlerName },
      // The whole crawler: its first crawl has no LastCrawl yet, and a selector would fail on that.
      ResultPath: "$.glue",
      Retry: [transient],
      Catch: orReportFailure("GetCrawler"),
      Next: "HasCrawlEnded",
    },
    HasCrawlEnded: {
      Type: "Choice",
      Choices: [
        {
          // A path that is not there ends an execution where no Catch sees it.
          Or: [
            { Not: { Variable: "$.glue.Crawler.State", StringEquals: "READY" } },
            { Not: { Variable: "$.glue.Crawler.LastCrawl.Status", IsPresent: true } },
          ],
          Next: "WaitForCrawler",
        },
        {
          Variable: "$.glue.Crawler.LastCrawl.Status",
          StringEquals: "SUCCEEDED",
          Next: "SendSuccess",
        },
      ],
      Default: "CrawlFailed",
    },
    CrawlFailed: {
      Type: "Pass",
      Parameters: {
        Error: "CrawlFailed",
        "Cause.$": "States.JsonToString($.glue.Crawler.LastCrawl)",
      },
      ResultPath: "$.failure",
      Next: "RunGlueCrawlerFailed",
    },
  };
}

/** Success and failure both reach the topic; a failure then ends in Fail with its cause. */
function report(props: DefinitionProps): Record<string, State> {
  const publish = (subject: string, message: Record<string, string>) => ({
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: { TopicArn: props.topicArn, Subject: subject, Message: message },
    ResultPath: null,
    Retry: [
      retryTransient("SNS.InternalErrorException", "SNS.ThrottledException", "States.Timeout"),
    ],
    TimeoutSeconds: 60,
  });
  // Named states rather than a field, since the context object does not say which state failed.
  const failed = Object.fromEntries(
    ["ValidateInput", "StartEMRJob", "RunGlueCrawler", "GetCrawler"].map((state) => [
      `${state}Failed`,
      {
        Type: "Pass",
        Parameters: {
          state,
          "error.$": "$.failure.Error",
          "cause.$": "$.failure.Cause",
          // An execution may not end in an error of Step Functions' own, such as States.Timeout.
          name: `${state}Failed`,
          "text.$": "States.Format('{}: {}', $.failure.Error, $.failure.Cause)",
        },
        ResultPath: "$.failure",
        Next: "SendFailure",
      },
    ]),
  );
  return {
    SendSuccess: {
      ...publish("ETL Success", {
        "run.$": "$$.Execution.Name",
        "source.$": "$.source",
        "partitions.$": "$.partitions",
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
        "input.$": "$$.Execution.Input",
      }),
      Catch: [
        { ErrorEquals: ["States.ALL"], ResultPath: "$.notification", Next: "PipelineFailed" },
      ],
      Next: "PipelineFailed",
    },
    PipelineFailed: { Type: "Fail", ErrorPath: "$.failure.name", CausePath: "$.failure.text" },
  };
}
