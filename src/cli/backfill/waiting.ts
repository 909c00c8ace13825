/** What waits for a run, source by source: the items `pending#<source>` of the table of locks. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
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

/** The items, as the CLI reads them and strikes out what it has run again. */
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

  /** Strikes days out of those that failed: another run has them now, and marks them if it fails. */
  async forgive(source: string, days: readonly string[]): Promise<void> {
    try {
      await this.dynamodb.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: keyOf(source),
          UpdateExpression: "DELETE failed :days",
          // Without it, an item would be made where there is none.
          ConditionExpression: "attribute_exists(failed)",
          ExpressionAttributeValues: { ":days": { SS: [...days] } },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
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
