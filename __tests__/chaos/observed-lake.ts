/** A deployed lake as the harness sees and moves it: through AWS's own APIs. */
import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import {
  EMRServerlessClient,
  GetJobRunCommand,
  type JobRun,
  ListApplicationsCommand,
  paginateListJobRuns,
} from "@aws-sdk/client-emr-serverless";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
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

/** What stands in the table of locks under `pending#<source>`. */
export interface Waiting {
  readonly source: string;
  /** Days to be ingested: all of the three kinds below. */
  readonly days: readonly string[];
  /** Of them those that no run has taken, and those that a run took and never gave back. */
  readonly untaken: number;
  readonly abandoned: number;
}

/** A row of a query: null where there is no value. */
export type Row = readonly (string | null)[];

const ACCOUNT = "123456789012";

export class ObservedLake {
  readonly s3: S3Client;
  private readonly sfn: SFNClient;
  private readonly sqs: SQSClient;
  private readonly athena: AthenaClient;
  private readonly emr: EMRServerlessClient;
  private readonly dynamodb: DynamoDBClient;
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

  async inputOf(executionArn: string): Promise<unknown> {
    const { input } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return JSON.parse(input ?? "null");
  }

  async start(name: string, input: object): Promise<void> {
    const command = { stateMachineArn: this.machine, name, input: JSON.stringify(input) };
    await this.sfn.send(new StartExecutionCommand(command));
  }

  async stop(executionArn: string): Promise<void> {
    const cause = "the harness stops it";
    await this.sfn.send(new StopExecutionCommand({ executionArn, error: "Chaos", cause }));
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

  /** Moves what is in one queue to another; how many. */
  async move(from: string, to: string): Promise<number> {
    const [source, target] = await Promise.all([this.url(from), this.url(to)]);
    const receive = { QueueUrl: source, MaxNumberOfMessages: 10 };
    for (let moved = 0; ; ) {
      const { Messages = [] } = await this.sqs.send(new ReceiveMessageCommand(receive));
      if (Messages.length === 0) return moved;
      for (const { Body: MessageBody, ReceiptHandle } of Messages) {
        await this.sqs.send(new SendMessageCommand({ QueueUrl: target, MessageBody }));
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl: source, ReceiptHandle }));
        moved += 1;
      }
    }
  }

  /** Days that wait, have failed, or were taken by a run that has not given them back. */
  async waiting(): Promise<{ known: boolean; left: Waiting[] }> {
    const left: Waiting[] = [];
    let known = false;
    const query = { TableName: this.lake.names.table.locks, ConsistentRead: true };
    for await (const { Items = [] } of paginateScan({ client: this.dynamodb }, query))
      for (const { id, pending, taking, failed } of Items) {
        const [kind, source] = id?.S?.split("#") ?? [];
        if (kind !== "pending" || source === undefined) continue;
        known = true;
        const days = [pending, taking, failed].flatMap((set) => set?.SS ?? []);
        if (days.length === 0) continue;
        const [untaken, abandoned] = [pending?.SS?.length ?? 0, taking?.SS?.length ?? 0];
        left.push({ source, days: [...new Set(days)].sort(), untaken, abandoned });
      }
    return { known, left };
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
