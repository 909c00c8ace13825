/** The state machine as plain data (Amazon States Language, JSONPath only). */
import { CRAWL_SECONDS, crawlStates } from "./crawl";
import { entryOf, type LockProps, lockStates, longestWaitSeconds, releaseState } from "./lock";
import { confirmStates, daysDone, daysFailed, PENDING_TASKS, pendingStates } from "./pending";
import { type ReportProps, report } from "./report";
import { type SparkSettings, sparkSubmitParameters } from "./spark-submit";
import { never, orReportFailure, RETRY, type State } from "./states";

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
  readonly databaseName: string;
  /** `s3://bucket/prefix` of the summaries, without a slash at the end. */
  readonly runsUri: string;
  /** `s3://` URI that drivers and executors log under. */
  readonly logUri: string;
  /** ARN of the key that those logs are encrypted with. */
  readonly keyArn: string;
  readonly logGroupName: string;
  readonly spark: SparkSettings;
  /** Minutes after which the job is cancelled. */
  readonly jobTimeoutMinutes: number;
  /** Jobs that may run at once: those that fit the application's capacity. */
  readonly maxConcurrentRuns: number;
  readonly locksTableName: string;
  readonly crawlerName: string;
  /** Seconds between two looks at the crawler. */
  readonly crawlerPollSeconds: number;
  readonly topicArn: string;
}

/** Slack above the job's own limit, in which EMR Serverless cancels it and says so. */
const CANCEL_MINUTES = 10;
/** Longest that anything else in an execution takes, in seconds. */
const REST_SECONDS = 15 * 60;
/** Shortest that a run waits for a slot before it gives up, in minutes. */
const SLOT_MINUTES = 8 * 60;

/** Where a run's days are, once it has taken them. */
const DAYS = "$.taken.days";

/** States that may fail, each with what is entered then. */
const FAILURES: ReportProps["failures"] = {
  ValidateInput: { next: "SendFailure" },
  TakeSourceLock: { next: "ReleaseSourceLockAfterFailure" },
  ...Object.fromEntries(
    Object.entries(PENDING_TASKS).map(([task, holdsDays]) => [
      task,
      holdsDays
        ? { next: "ReleaseDaysAfterFailure", days: DAYS }
        : { next: "ReleaseSourceLockAfterFailure" },
    ]),
  ),
  TakeRunSlot: { next: "ReleaseRunSlotAfterFailure", days: DAYS },
  ConfirmDays: { next: "ReleaseRunSlotAfterFailure", days: DAYS },
  StartEMRJob: { next: "ReleaseRunSlotAfterFailure", days: DAYS },
  // The job may still be at it, since nobody heard of its end: slot and lock stay this run's until
  // whoever waits for them sees that the job has ended too.
  StartEMRJobTimeout: { next: "ReleaseDaysAfterTimeout", days: DAYS, state: "StartEMRJob" },
  RunGlueCrawler: { next: "ReleaseDaysAfterFailure", days: DAYS },
  GetCrawler: { next: "ReleaseDaysAfterFailure", days: DAYS },
};

/** The pipeline: the template's states under their names, and those that wait and report. */
export function definition(props: DefinitionProps) {
  const slot = runSlot(props);
  const lock = sourceLock(props, slot);
  return {
    Comment: "ETL Pipeline",
    StartAt: "ValidateInput",
    TimeoutSeconds:
      longestWaitSeconds(lock.waitMinutes) +
      longestWaitSeconds(slot.waitMinutes) +
      (props.jobTimeoutMinutes + CANCEL_MINUTES) * 60 +
      2 * CRAWL_SECONDS +
      REST_SECONDS,
    States: {
      ValidateInput: validateInput(props),
      HasValidData: {
        Type: "Choice",
        Choices: [
          // Days that events named are ingested also where their last file is gone.
          { Variable: "$.isPending", BooleanEquals: true, Next: entryOf(lock) },
          { Variable: "$.filesFound", BooleanEquals: true, Next: "AddPending" },
        ],
        Default: "NoDataFound",
      },
      NoDataFound: { Type: "Succeed" },
      ...lockStates(lock),
      ...pendingStates({
        tableName: props.locksTableName,
        takeLock: entryOf(lock),
        releaseUnused: "ReleaseSourceLockUnused",
        next: entryOf(slot),
      }),
      ...lockStates(slot),
      ...confirmStates(props.locksTableName, "StartEMRJob"),
      StartEMRJob: startEmrJob(props),
      // Crawling takes no workers: the next job may start.
      ReleaseRunSlot: releaseState(slot, "IsCrawled"),
      // An Iceberg table is in the catalog since the job's own commit.
      IsCrawled: {
        Type: "Choice",
        Choices: [{ Variable: "$.layout", StringEquals: "parquet", Next: "RunGlueCrawler" }],
        Default: "ReleaseDays",
      },
      ReleaseDays: daysDone(props.locksTableName, "ReleaseSourceLock"),
      ReleaseSourceLock: releaseState(lock, "SendSuccess"),
      ReleaseRunSlotAfterFailure: releaseState(slot, "ReleaseDaysAfterFailure"),
      ReleaseDaysAfterFailure: daysFailed(props.locksTableName, "ReleaseSourceLockAfterFailure"),
      ReleaseSourceLockAfterFailure: releaseState(lock, "SendFailure"),
      ReleaseDaysAfterTimeout: daysFailed(props.locksTableName, "SendFailure"),
      // Another run has ingested these days meanwhile.
      ReleaseSourceLockUnused: releaseState(lock, "NothingPending"),
      NothingPending: { Type: "Succeed" },
      ...crawlStates({ ...props, next: "ReleaseDays" }),
      ...report({ ...props, failures: FAILURES }),
    } as Record<string, State>,
  };
}

/** The one run that writes a source. What comes for the source meanwhile waits in `pending`. */
function sourceLock(props: DefinitionProps, slot: LockProps): LockProps {
  return {
    ...slot,
    name: "SourceLock",
    id: { "S.$": "States.Format('source#{}', $.source)" },
    most: 1,
    // One run at its longest may be ahead.
    waitMinutes:
      slot.waitMinutes + props.jobTimeoutMinutes + CANCEL_MINUTES + (2 * CRAWL_SECONDS) / 60,
    next: "LeaveWaiting",
  };
}

/** A place for one job among those that fit the application's capacity. */
function runSlot(props: DefinitionProps): LockProps {
  return {
    name: "RunSlot",
    tableName: props.locksTableName,
    id: { S: "run-slots" },
    most: props.maxConcurrentRuns,
    // Two jobs at their longest may be ahead in the one slot.
    waitMinutes: Math.max(SLOT_MINUTES, 2 * props.jobTimeoutMinutes),
    applicationId: props.applicationId,
    next: "ConfirmDays",
  };
}

function validateInput(props: DefinitionProps): State {
  return {
    Type: "Task",
    Resource: props.validateFunctionArn,
    TimeoutSeconds: 120,
    // Trying again does not make a malformed input whole.
    Retry: [never("InvalidInput"), { ...RETRY, ErrorEquals: ["States.ALL"] }],
    Catch: [orReportFailure("ValidateInput")],
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
          SparkSubmitParameters: sparkSubmitParameters(
            props.spark,
            props.packages,
            props.processedUri,
          ),
        },
      },
      ConfigurationOverrides: {
        MonitoringConfiguration: {
          S3MonitoringConfiguration: { LogUri: props.logUri, EncryptionKeyArn: props.keyArn },
          // EMR's own copy, for a month, behind the Spark UI of jobs that have ended.
          ManagedPersistenceMonitoringConfiguration: {
            Enabled: true,
            EncryptionKeyArn: props.keyArn,
          },
          CloudWatchLoggingConfiguration: { Enabled: true, LogGroupName: props.logGroupName },
        },
      },
    },
    ResultSelector: { "jobRunId.$": "$.JobRunId" },
    ResultPath: "$.job",
    TimeoutSeconds: (props.jobTimeoutMinutes + CANCEL_MINUTES) * 60,
    Retry: [
      // By name, since a job that failed is an error of this state too; the last is what
      // integrations of this kind call what has no name of its own.
      {
        ...RETRY,
        ErrorEquals: [
          "EMRServerless.ThrottlingException",
          "EMRServerless.InternalServerException",
          "EMRServerless.SdkClientException",
          "EMRServerless.AWSEMRServerlessException",
        ],
      },
    ],
    Catch: [
      {
        ErrorEquals: ["States.Timeout"],
        ResultPath: "$.failure",
        Next: "StartEMRJobTimeoutFailed",
      },
      orReportFailure("StartEMRJob"),
    ],
    Next: "ReleaseRunSlot",
  };
}

function entryPointArguments(props: DefinitionProps): string {
  const literals: [string, string][] = [
    ["--config", props.config],
    ["--raw", props.rawUri],
    ["--processed", props.processedUri],
    ["--quarantine", props.quarantineUri],
    ["--database", props.databaseName],
  ];
  return `States.Array(${[
    "'--run-id', $$.Execution.Name",
    "'--source', $.source",
    `'--partitions', States.JsonToString(${DAYS})`,
    `'--summary', States.Format('${props.runsUri}/{}/summary.json', $$.Execution.Name)`,
    ...literals.map(([flag, value]) => `'${flag}', '${value}'`),
  ].join(", ")})`;
}
