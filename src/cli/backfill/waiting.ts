/** What waits for a run, source by source: the items `pending#<source>` of the table of locks. */
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  paginateScan,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { distinct } from "../days";
import type { Target } from "../target";

/** One source's item; without one, nothing waits. */
export interface Waiting {
  readonly source: string;
  /** Days that the next run takes. */
  readonly pending: readonly string[];
  /** Name of the execution that will take them. */
  readonly waiter: string | undefined;
  /** Days that a run has taken and not finished. */
  readonly taking: readonly string[];
  /** Execution that has taken them, by its name or ARN. */
  readonly takenBy: string | undefined;
  /** Days whose last run failed. */
  readonly failed: readonly string[];
}

const PREFIX = "pending#";

/** The items, as the CLI reads them and adds to them. */
export class WaitingDays {
  private readonly dynamodb: DynamoDBClient;
  private readonly table: string;
  constructor({ client, names }: Target) {
    this.dynamodb = new DynamoDBClient(client);
    this.table = names.table.locks;
  }

  async of(source: string): Promise<Waiting> {
    const { Item = {} } = await this.dynamodb.send(
      new GetItemCommand({ TableName: this.table, Key: keyOf(source), ConsistentRead: true }),
    );
    return waitingOf({ ...Item, ...keyOf(source) });
  }

  /** Every source that has an item, also those that the environment no longer has. */
  async all(): Promise<Waiting[]> {
    const found: Waiting[] = [];
    const pages = paginateScan(
      { client: this.dynamodb },
      {
        TableName: this.table,
        ConsistentRead: true,
        FilterExpression: "begins_with(id, :prefix)",
        ExpressionAttributeValues: { ":prefix": { S: PREFIX } },
      },
    );
    for await (const { Items = [] } of pages) found.push(...Items.map(waitingOf));
    return found.sort((a, b) => a.source.localeCompare(b.source));
  }

  /** Has the source's next run take these days. A day that waits already stays one day. */
  async add(source: string, days: readonly string[]): Promise<void> {
    await this.dynamodb.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: keyOf(source),
        UpdateExpression: "ADD pending :days",
        ExpressionAttributeValues: { ":days": { SS: [...days] } },
      }),
    );
  }
}

function keyOf(source: string) {
  return { id: { S: `${PREFIX}${source}` } };
}

function waitingOf(item: Record<string, AttributeValue>): Waiting {
  const set = (name: string) => distinct(item[name]?.SS ?? []);
  return {
    source: (item.id?.S ?? "").slice(PREFIX.length),
    pending: set("pending"),
    waiter: item.waiter?.S,
    taking: set("taking"),
    takenBy: item.taken_by?.S,
    failed: set("failed"),
  };
}
