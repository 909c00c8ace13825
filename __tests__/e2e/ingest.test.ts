/**
 * What reaches a lake while it is busy, twice, oddly named, or where no source takes it. One
 * deployment serves the file.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "../../src/local/paths";
import { type DeployedLake, deployLake } from "./support/deployed-lake";
import { locksOf } from "./support/locks";
import { eventually, pipelineOf } from "./support/pipeline";

const TFVARS = readFileSync(join(ROOT, "env", "local.tfvars"), "utf8");
const day = (number: number) =>
  `raw/flights/year=2025/month=10/day=${`${number}`.padStart(2, "0")}`;
const row = (id: number) => `{"id": ${id}}\n`;

let lake: DeployedLake;
let pipeline: ReturnType<typeof pipelineOf>;
let locks: ReturnType<typeof locksOf>;
let inbox: Awaited<ReturnType<ReturnType<typeof pipelineOf>["inbox"]>>;

beforeAll(async () => {
  lake = await deployLake(TFVARS);
  pipeline = pipelineOf(lake);
  locks = locksOf(lake, lake.names.table.locks);
  inbox = await pipeline.inbox();
});
afterAll(() => lake?.close());

it("gathers what arrives during a run into one run after it, and loses nothing", async () => {
  await pipeline.put(`${day(1)}/a.json`, row(1));
  await eventually("the first run's job", async () => {
    const [first] = await pipeline.executions();
    return first && (await pipeline.statesOf(first.executionArn)).includes("StartEMRJob")
      ? true
      : undefined;
  });
  for (let number = 2; number <= 40; number += 1)
    await pipeline.put(`${day(1 + (number % 28))}/${number}.json`, row(number));
  await settled();
  // The one that was at it, the one that waited, and one for what came when that one had begun.
  expect((await pipeline.executions()).length).toBeLessThanOrEqual(3);
  expect(await ids()).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

it("takes a deleted object's rows out of the table, also the last ones of a day", async () => {
  await pipeline.s3.send(
    new DeleteObjectCommand({ Bucket: lake.names.bucket.landing, Key: `${day(3)}/2.json` }),
  );
  await eventually("the row to go", async () => ((await ids()).includes(2) ? undefined : true));
});

it("takes keys as they are", async () => {
  const names = ["my file", "a+b", "100%25", "%zz", "k=v", "données-日本", "x".repeat(900)];
  const earlier = await ids();
  for (const [index, name] of names.entries())
    await pipeline.put(`${day(29)}/${name}.json`, row(101 + index));
  const all = [...earlier, ...names.map((_, index) => 101 + index)];
  await eventually("all rows", async () =>
    (await ids()).length === all.length ? true : undefined,
  );
  expect(await ids()).toEqual(all);
});

it("tells once of objects that no source takes, and starts nothing for them", async () => {
  await settled();
  const before = (await pipeline.executions()).length;
  for (let time = 0; time < 2; time += 1) await pipeline.put("raw/file.json", row(1));
  const { message } = await inbox.with("ETL Objects not ingested");
  expect(message).toMatchObject({ objects: [{ key: "raw/file.json" }], more: 0 });
  expect(await pipeline.executions()).toHaveLength(before);
  expect(await pipeline.keys(lake.names.bucket.landing, "raw/file.json")).toHaveLength(1);
});

it("tells of what somebody began to tell and never told, also by a message of another name", async () => {
  const key = "raw/untold.json";
  const subject = createHash("sha256").update(`${lake.names.bucket.landing}/${key}`).digest("hex");
  const [now, month] = [Math.floor(Date.now() / 1000), 30 * 24 * 60 * 60];
  await locks.client.send(
    new UpdateItemCommand({
      TableName: lake.names.table.locks,
      Key: { id: { S: `reported#${subject}` } },
      UpdateExpression: "SET message_id = :m, expires_at = :t",
      // An hour ago: that message has come back from the dead letters since.
      ExpressionAttributeValues: { ":m": { S: "gone" }, ":t": { N: `${now - 3600 + month}` } },
    }),
  );
  await pipeline.put(key, row(1));
  await inbox.with("ETL Objects not ingested", key);
});

it("starts the run that a trigger registered before it was killed, and never started", async () => {
  await settled();
  await locks.client.send(
    new UpdateItemCommand({
      TableName: lake.names.table.locks,
      Key: { id: { S: "pending#flights" } },
      UpdateExpression: "SET waiter = :never",
      ExpressionAttributeValues: { ":never": { S: "etl-never-started" } },
    }),
  );
  // Two messages may come to two triggers at once: both may find it missing and start it.
  for (const id of [301, 302])
    await pipeline.put(`raw/flights/year=2025/month=09/day=01/${id}.json`, row(id));
  await eventually("both rows", async () =>
    (await ids()).filter((id) => id > 300).length === 2 ? true : undefined,
  );
  const names = (await pipeline.executions()).map(({ name }) => name);
  expect(names.filter((name) => name === "etl-never-started")).toHaveLength(1);
});

it("tells of a run that was stopped, whose days the next run ingests", async () => {
  const before = new Set((await pipeline.executions()).map(({ name }) => name));
  await pipeline.put(`${day(30)}/a.json`, row(201));
  const stopped = await eventually("a run at its job", async () => {
    const found = (await pipeline.executions()).find(({ name }) => !before.has(name));
    return found && (await pipeline.statesOf(found.executionArn)).includes("StartEMRJob")
      ? found
      : undefined;
  });
  await pipeline.sfn.send(new StopExecutionCommand({ executionArn: stopped.executionArn }));
  const { message } = await inbox.of(await pipeline.ended(stopped.executionArn));
  expect(message).toMatchObject({ run: stopped.name, error: "ABORTED" });
  await pipeline.put(`${day(31)}/a.json`, row(202));
  await eventually("both days", async () =>
    (await ids()).filter((id) => id > 200 && id < 300).length === 2 ? true : undefined,
  );
  await settled();
  const { Item } = await locks.client.send(
    new GetItemCommand({
      TableName: lake.names.table.locks,
      Key: { id: { S: "pending#flights" } },
    }),
  );
  expect(Object.keys(Item ?? {})).toEqual(["id"]);
  expect(await locks.owners("source#flights")).toEqual([]);
});

async function ids(): Promise<number[]> {
  const [, ...rows] = await pipeline.query("SELECT id FROM flights ORDER BY id");
  return rows.map(([id]) => Number(id));
}

/** Resolves when no execution runs and no message waits any more. */
const settled = () =>
  eventually("quiet", async () => {
    if (await pipeline.messagesWait()) return undefined;
    for (const { executionArn } of await pipeline.executions()) {
      const { status } = await pipeline.sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (status === "RUNNING") return undefined;
    }
    return true;
  });
