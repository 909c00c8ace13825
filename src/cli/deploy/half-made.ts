/**
 * What an interrupted deploy left half made, Terraform replaces. Where it holds nothing, nothing is
 * lost by that, and the deploy can simply be run again.
 */
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { EMRServerlessClient, ListJobRunsCommand } from "@aws-sdk/client-emr-serverless";
import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { ClientSettings, Target } from "../target";
import { say } from "../terminal";
import { type Loss, losses } from "./losses";
import { changes, type Plan, type ResourceChange } from "./plan";

type Values = Readonly<Record<string, unknown>>;

/** Whether a resource of each type holds nothing; of the others it cannot be known. */
const IS_EMPTY: Readonly<
  Record<string, (client: ClientSettings, values: Values) => Promise<boolean>>
> = {
  aws_s3_bucket: async (client, { bucket }) => {
    const Bucket = String(bucket);
    const found = await new S3Client(client).send(
      new ListObjectVersionsCommand({ Bucket, MaxKeys: 1 }),
    );
    return (found.Versions ?? []).length === 0 && (found.DeleteMarkers ?? []).length === 0;
  },
  aws_sqs_queue: async (client, { url }) => {
    const { Attributes = {} } = await new SQSClient(client).send(
      new GetQueueAttributesCommand({ QueueUrl: String(url), AttributeNames: ["All"] }),
    );
    const counts = Object.entries(Attributes).filter(([name]) => /NumberOfMessages/.test(name));
    return counts.length > 0 && counts.every(([, count]) => count === "0");
  },
  aws_dynamodb_table: async (client, { name }) => {
    const { Items = [] } = await new DynamoDBClient(client).send(
      new ScanCommand({ TableName: String(name), Limit: 1, ConsistentRead: true }),
    );
    return Items.length === 0;
  },
  aws_emrserverless_application: async (client, { id }) => {
    const { jobRuns = [] } = await new EMRServerlessClient(client).send(
      new ListJobRunsCommand({ applicationId: String(id), maxResults: 1 }),
    );
    return jobRuns.length === 0;
  },
};

/** The losses of a plan, without what is half made and empty; that is told. */
export async function realLosses(target: Target, plan: Plan): Promise<Loss[]> {
  const empty = new Set<string>();
  for (const one of changes(plan))
    if (isHalfMade(one) && (await holdsNothing(target.client, one))) empty.add(one.address);
  for (const address of empty)
    say(`${address} is made anew: an earlier deploy did not end making it, and it is empty.`);
  return losses(plan).filter(({ address }) => !empty.has(address));
}

function isHalfMade({ action_reason }: ResourceChange): boolean {
  return action_reason === "replace_because_tainted";
}

async function holdsNothing(client: ClientSettings, one: ResourceChange): Promise<boolean> {
  try {
    return (await IS_EMPTY[one.type]?.(client, (one.change.before ?? {}) as Values)) ?? false;
  } catch {
    // Who cannot be asked may hold something.
    return false;
  }
}
