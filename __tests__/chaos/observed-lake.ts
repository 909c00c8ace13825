/** A deployed lake as the harness sees and moves it: through AWS's own APIs. */
import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { type AttributeValue, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import {
  EMRServerlessClient,
  GetJobRunCommand,
  type JobRun,
  ListApplicationsCommand,
  paginateListJobRuns,
} from "@aws-sdk/client-emr-serverless";
import { CrawlerRunningException, GlueClient, StartCrawlerCommand } from "@aws-sdk/client-glue";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { DeployedLake } from "../e2e/support/deployed-lake";
import { eventually } from "../e2e/support/pipeline";

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
}

/** A row of a query: null where there is no value. */
export type Row = readonly (string | null)[];

const ACCOUNT = "123456789012";
/** Characters that are shown of a cause. */
const QUOTED = 120;

export class ObservedLake {
  readonly s3: S3Client;
  private readonly sfn: SFNClient;
  private readonly sqs: SQSClient;
  private readonly athena: AthenaClient;
  private readonly emr: EMRServerlessClient;
  private readonly dynamodb: DynamoDBClient;
  private readonly glue: GlueClient;
  private readonly machine: string;

  constructor(readonly lake: DeployedLake) {
    const { endpoint, region, names } = lake;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    // Faults are for the lake's own calls; ours that are struck are tried again.
    const settings = { endpoint, region, credentials, forcePathStyle: true, maxAttempts: 20 };
    this.s3 = new S3Client(settings);
    this.sfn = new SFNClient(settings);
    this.sqs = new SQSClient(settings);
    this.athena = new AthenaClient(settings);
    this.emr = new EMRServerlessClient(settings);
    this.dynamodb = new DynamoDBClient(settings);
    this.glue = new GlueClient(settings);
    this.machine = `arn:aws:states:${region}:${ACCOUNT}:stateMachine:${names.stateMachine.etlPipeline}`;
  }

  async executions(): Promise<Execution[]> {
    const found: Execution[] = [];
    const pages = paginateListExecutions({ client: this.sfn }, { stateMachineArn: this.machine });
    for await (const { executions = [] } of pages)
      for (const { executionArn: arn = "", name = "", status = "" } of executions)
        found.push({ arn, name, status });
    return found;
  }

  /** What its tasks were answered, also where they were tried again. */
  async errorsOf(executionArn: string): Promise<string[]> {
    const found: string[] = [];
    const query = { executionArn, includeExecutionData: true };
    for await (const { events = [] } of paginateGetExecutionHistory({ client: this.sfn }, query))
      found.push(
        ...events.flatMap(({ taskFailedEventDetails }) => taskFailedEventDetails?.error ?? []),
      );
    return found;
  }

  async start(name: string, input: object): Promise<void> {
    const command = { stateMachineArn: this.machine, name, input: JSON.stringify(input) };
    await this.sfn.send(new StartExecutionCommand(command));
  }

  /** Whether it ran until then. */
  async stop(executionArn: string): Promise<boolean> {
    const cause = "the harness stops it";
    await this.sfn.send(new StopExecutionCommand({ executionArn, error: "Chaos", cause }));
    const { status } = await eventually(`the end of ${executionArn}`, async () =>
      (await this.executions()).find((one) => one.arn === executionArn && one.status !== "RUNNING"),
    );
    return status === "ABORTED";
  }

  /** In a few words, why an execution failed: its state, and what was said first. */
  async failureOf(executionArn: string): Promise<string> {
    const described = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { error = "", cause = "" } = described;
    const [, details] = /"StateDetails": ?"((?:[^"\\]|\\.)*)"/.exec(cause) ?? [];
    return `${error}: ${(details ?? cause).split("\n")[0]?.slice(0, QUOTED)}`;
  }

  /** Job runs, the newest first as EMR Serverless lists them. */
  async jobs(): Promise<{ id: string; state: string }[]> {
    const found: { id: string; state: string }[] = [];
    const query = { applicationId: await this.application() };
    for await (const { jobRuns = [] } of paginateListJobRuns({ client: this.emr }, query))
      for (const { id = "", state = "" } of jobRuns) found.push({ id, state });
    return found;
  }

  async job(jobRunId: string): Promise<JobRun> {
    const query = { applicationId: await this.application(), jobRunId };
    const { jobRun } = await this.emr.send(new GetJobRunCommand(query));
    if (jobRun === undefined) throw new Error(`EMR Serverless has no job run ${jobRunId}`);
    return jobRun;
  }

  /** Messages in a queue: visible, in somebody's hands, delayed. */
  async messages(queue: string): Promise<number> {
    const { Attributes } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: await this.url(queue), AttributeNames: ["All"] }),
    );
    return (["", "NotVisible", "Delayed"] as const)
      .map((kind) => Number(Attributes?.[`ApproximateNumberOfMessages${kind}`] ?? 0))
      .reduce((sum, count) => sum + count, 0);
  }

  /** Seconds until a message that was received and not deleted comes again. */
  async setVisibilityTimeout(queue: string, seconds: number): Promise<void> {
    const Attributes = { VisibilityTimeout: String(seconds) };
    const QueueUrl = await this.url(queue);
    await this.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  }

  async purge(queue: string): Promise<void> {
    await this.sqs.send(new PurgeQueueCommand({ QueueUrl: await this.url(queue) }));
  }

  /** Days that wait, have failed, or were taken by a run that has not given them back. */
  async daysLeft(): Promise<{ source: string; days: string[] }[]> {
    return (await this.items("pending#")).flatMap(({ id, pending, taking, failed }) => {
      const days = [pending, taking, failed].flatMap((set) => set?.SS ?? []);
      return days.length > 0 ? [{ source: nameIn(id), days: [...new Set(days)].sort() }] : [];
    });
  }

  /** Executions that hold the lock of a source. */
  async owners(): Promise<string[]> {
    return (await this.items("source#")).flatMap(({ owners }) => owners?.SS ?? []);
  }

  /** What the table of locks holds under ids that begin so. */
  private async items(prefix: string): Promise<Record<string, AttributeValue>[]> {
    const found: Record<string, AttributeValue>[] = [];
    const query = { TableName: this.lake.names.table.locks, ConsistentRead: true };
    for await (const { Items = [] } of paginateScan({ client: this.dynamodb }, query))
      found.push(...Items.filter(({ id }) => id?.S?.startsWith(prefix)));
    return found;
  }

  /** Starts a crawl, unless one runs. */
  async startCrawler(): Promise<void> {
    try {
      await this.glue.send(new StartCrawlerCommand({ Name: this.lake.names.crawler.processed }));
    } catch (error) {
      if (!(error instanceof CrawlerRunningException)) throw error;
    }
  }

  /** Rows of a query, without the header. */
  async query(sql: string): Promise<Row[]> {
    const { QueryExecutionId } = await this.athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: this.lake.names.workgroup.lake,
        QueryExecutionContext: { Database: this.lake.names.database.processed },
      }),
    );
    await eventually(`the query ${sql}`, async () => {
      const command = new GetQueryExecutionCommand({ QueryExecutionId });
      const { QueryExecution } = await this.athena.send(command);
      const { State, StateChangeReason } = QueryExecution?.Status ?? {};
      if (State === "FAILED") throw new Error(`${sql}: ${StateChangeReason}`);
      return State === "SUCCEEDED" ? true : undefined;
    });
    const rows: Row[] = [];
    for await (const { ResultSet } of paginateGetQueryResults(
      { client: this.athena },
      { QueryExecutionId },
    ))
      for (const { Data = [] } of ResultSet?.Rows ?? [])
        rows.push(Data.map(({ VarCharValue }) => VarCharValue ?? null));
    return rows.slice(1);
  }

  /** As query; undefined while no run has made the table. */
  async rows(sql: string): Promise<Row[] | undefined> {
    try {
      return await this.query(sql);
    } catch (error) {
      if (/TABLE_NOT_FOUND/.test(String(error))) return undefined;
      throw error;
    }
  }

  async keys(bucket: string, prefix: string): Promise<string[]> {
    const found: string[] = [];
    const query = { Bucket: bucket, Prefix: prefix };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.s3 }, query))
      found.push(...Contents.map(({ Key = "" }) => Key));
    return found;
  }

  async read(bucket: string, key: string): Promise<Uint8Array> {
    const object = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await object.Body?.transformToByteArray()) ?? new Uint8Array();
  }

  private async application(): Promise<string> {
    const { applications = [] } = await this.emr.send(new ListApplicationsCommand({}));
    const application = applications.find(({ name }) => name === this.lake.names.application.spark);
    if (application?.id === undefined) throw new Error("the lake has no EMR application");
    return application.id;
  }

  private async url(QueueName: string): Promise<string> {
    const { QueueUrl } = await this.sqs.send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl ?? "";
  }
}

/** The source of `pending#<source>`. */
function nameIn(id: AttributeValue | undefined): string {
  return id?.S?.split("#")[1] ?? "";
}
