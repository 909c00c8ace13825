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
import { holdSource } from "./support/held-source";
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
  await pipeline.settled();
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
  const names = [
    ...["my file", "a+b", "100%25", "%zz", "k=v", "données-日本", "x".repeat(900)],
    // What a shell, SQL, a pattern, Terraform, an intrinsic or an argument parser would read.
    ...["a;rm -rf x", "$(id)`id`", "x' OR 1=1 --", 'x" UNION', "{a,b}[c]*?", `$${"{x}"}`, "a:b"],
    ...["--database=other", "$.x", "States.Format('{}', $.x)", "\u202egpj", "a&b<c>d", "#x?y=1"],
  ];
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
  await pipeline.settled();
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
  await pipeline.settled();
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
  await pipeline.settled();
  expect(Object.keys(await waiting())).toEqual(["id"]);
  expect(await locks.owners("source#flights")).toEqual([]);
});

it("takes keys of all 1,024 bytes that S3 allows, and names them where it tells of their rows", async () => {
  await pipeline.settled();
  const folder = "raw/flights/year=2025/month=08/day=01/";
  const [oneName, folders] = [longKey(folder, ""), longKey(`${folder}of folders/`, "/")];
  for (const key of [oneName, folders]) expect(Buffer.byteLength(key)).toBe(1024);
  const records = (id: number) =>
    Array.from({ length: 20 }, (_, index) => row(id + index)).join("");
  await pipeline.put(oneName, `${records(1001)}no JSON\n`);
  await pipeline.put(folders, `${records(1101)}no JSON\n`);
  const landed = await pipeline.keys(lake.names.bucket.landing, folder);
  expect(landed).toEqual([oneName, folders].sort());
  await pipeline.settled();
  expect((await ids()).filter((id) => id > 1000)).toHaveLength(40);
  const quarantined = await pipeline.keys(
    lake.names.bucket.processed,
    "quarantine/flights/year=2025/month=08/day=01/",
  );
  const lines = (
    await Promise.all(quarantined.map((key) => pipeline.read(lake.names.bucket.processed, key)))
  ).flatMap((text) =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
  expect(lines.map(({ file }) => file).sort()).toEqual(
    [oneName, folders].map((key) => `s3://${lake.names.bucket.landing}/${key}`).sort(),
  );
});

it("shares out more days than one run takes, and each is ingested by one run", async () => {
  await pipeline.settled();
  const before = new Set((await pipeline.executions()).map(({ name }) => name));
  const days = Array.from({ length: 35 }, (_, index) =>
    new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10),
  );
  const release = await holdSource(lake, "flights");
  await Promise.all(
    days.map((date, index) => {
      const [year, month, day] = date.split("-");
      const path = `year=${year}/month=${month}/day=${day}`;
      return pipeline.put(`raw/flights/${path}/a.json`, row(2001 + index));
    }),
  );
  await eventually("all days to wait", async () =>
    (await waiting()).pending?.SS?.length === days.length ? true : undefined,
  );
  await release();
  await pipeline.settled();
  const runs = (await pipeline.executions()).filter(({ name }) => !before.has(name));
  const taken = await Promise.all(
    runs.map(async ({ executionArn }) => {
      const { output } = await pipeline.sfn.send(new DescribeExecutionCommand({ executionArn }));
      return JSON.parse(output ?? "{}").taken.days as string[];
    }),
  );
  expect(taken.map(({ length }) => length).sort()).toEqual([31, 4]);
  expect(taken.flat().sort()).toEqual(days);
  expect(Object.keys(await waiting())).toEqual(["id"]);
  const [, [rows, found] = []] = await pipeline.query(
    "SELECT count(*), count(DISTINCT month || day) FROM flights WHERE year = '2024' AND id > 2000",
  );
  expect([rows, found]).toEqual(["35", "35"]);
});

/** The source's item of days that wait. */
async function waiting() {
  const { Item = {} } = await locks.client.send(
    new GetItemCommand({
      TableName: lake.names.table.locks,
      Key: { id: { S: "pending#flights" } },
      ConsistentRead: true,
    }),
  );
  return Item;
}

/** A key of 1,024 bytes, with what keys are wont to stumble over; `between` stands after each part. */
function longKey(prefix: string, between: string): string {
  const part = `a b+c%20=%zz&é日本${between}`;
  const room = 1024 - Buffer.byteLength(`${prefix}.json`);
  const parts = part.repeat(Math.floor(room / Buffer.byteLength(part)));
  return `${prefix}${parts}${"x".repeat(room - Buffer.byteLength(parts))}.json`;
}

async function ids(): Promise<number[]> {
  const [, ...rows] = await pipeline.query("SELECT id FROM flights ORDER BY id");
  return rows.map(([id]) => Number(id));
}
