/** The table of locks, as a test reads it and writes to it. */
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

export function locksOf(aws: { endpoint: string; region: string }, TableName: string) {
  const client = new DynamoDBClient({
    ...aws,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  async function change(how: "ADD" | "DELETE", id: string, owners: string[]): Promise<void> {
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: id } },
        UpdateExpression: `${how} owners :owners`,
        ExpressionAttributeValues: { ":owners": { SS: owners } },
      }),
    );
  }

  return {
    client,
    /** ARNs of the executions that hold a lock. */
    async owners(id: string): Promise<string[]> {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }),
      );
      return Item?.owners?.SS ?? [];
    },
    /** Makes executions owners that never asked. */
    give: (id: string, ...owners: string[]) => change("ADD", id, owners),
    withdraw: (id: string, ...owners: string[]) => change("DELETE", id, owners),
  };
}

/** The most intervals that hold at one moment; `end` is no longer part of its interval. */
export function mostAtOnce(intervals: readonly { start: number; end: number }[]): number {
  return Math.max(
    0,
    ...intervals.map(
      ({ start }) => intervals.filter((one) => one.start <= start && start < one.end).length,
    ),
  );
}
