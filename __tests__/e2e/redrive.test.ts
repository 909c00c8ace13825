/**
 * `lake redrive`, as a person gives it, on a lake of its own. The tests stand in an order: what one
 * leaves, the next one finds.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "../../src/local/paths";
import { type DeployedLake, deployLake } from "./support/deployed-lake";
import { holdRequests } from "./support/held-requests";
import { type LakeCommand, lakeCommand, type Told } from "./support/lake-command";
import { locksOf } from "./support/locks";
import { pipelineOf } from "./support/pipeline";

const TFVARS = readFileSync(join(ROOT, "env", "local.tfvars"), "utf8");
const DAYS = ["01", "02", "03", "04", "05"];
const key = (day: string) => `raw/flights/year=2025/month=01/day=${day}/one.json`;

let lake: DeployedLake;
let pipeline: ReturnType<typeof pipelineOf>;
let command: LakeCommand;
let locks: ReturnType<typeof locksOf>;
/** Names of the dead-letter queues. */
let ingestDlq: string;
let eventsDlq: string;

beforeAll(async () => {
  lake = await deployLake(TFVARS);
  pipeline = pipelineOf(lake);
  command = lakeCommand(lake, lake.region);
  locks = locksOf(lake, lake.names.table.locks);
  ({ ingestDlq, eventsDlq } = lake.names.queue);
  for (const day of DAYS) await pipeline.put(key(day), `{"origin": "A"}\n{"origin": "B"}\n`);
  await pipeline.settled();
});
afterAll(() => lake?.close());

it("says that there is nothing where nothing was given up", async () => {
  const told = await command("redrive", "local", "--auto-approve");
  expect(told, told.stderr).toMatchObject({
    exitCode: 0,
    stdout: `${ingestDlq}: empty\n${eventsDlq}: empty`,
  });
  expect(told.stderr).toContain("There is nothing to redrive.");
});

it("has a lake whose status says that all is well, and when data last came", async () => {
  const told = await command("status", "local", "--exit-code");
  expect(told, told.stderr).toMatchObject({ exitCode: 0 });
  expect(told.stdout).toContain("Nothing needs you.");
  const json = await command("status", "local", "--json", "--runs", "1");
  const status = JSON.parse(json.stdout);
  expect(status).toMatchObject({
    ...{ environment: "local", region: lake.region, running: [], advice: [] },
    ...{ application: { state: "STARTED", jobs: {} }, ingestion: { state: "on" } },
    lastRuns: [{ source: "flights", state: "SUCCEEDED", summary: { rows_quarantined: 0 } }],
    sources: [{ source: "flights", newestDay: "2025-01-05", state: "unwatched" }],
    queues: [{ name: lake.names.queue.ingest, waiting: 0 }, { waiting: 0 }, { waiting: 0 }],
  });
  // The commit is the job's; the run ends a moment later.
  const [{ startedAt, endedAt }] = status.lastRuns;
  const [{ lastWrite }] = status.sources;
  expect(Date.parse(lastWrite)).toBeGreaterThan(Date.parse(startedAt));
  expect(Date.parse(lastWrite)).toBeLessThan(Date.parse(endedAt));
});

it("shows what was given up, and changes nothing unless it is told to", async () => {
  await dead(ingestDlq, eventOf(key("01")));
  await dead(ingestDlq, "{ no JSON");
  await dead(eventsDlq, eventOf(key("05")), "the queue is not there");
  await mark("ADD failed :days", ["2025-01-02"]);
  await mark("ADD pending :days SET waiter = :who", ["2025-01-03"], "etl-that-never-began");
  await mark("ADD taking :days SET taken_by = :who", ["2025-01-04"], "etl-that-died");
  const before = await everything();

  const dry = await command("redrive", "local", "--dry-run");
  expect(dry, dry.stderr).toMatchObject({ exitCode: 0 });
  expect(dry.stdout.split("\n").sort()).toEqual(
    [
      `${ingestDlq}: 2 messages`,
      `  ${key("01")}`,
      "  no event, it stays here: { no JSON",
      `${eventsDlq}: 1 message`,
      `  ${key("05")}  (not delivered: the queue is not there)`,
      "flights: 1 day failed (2025-01-02)",
      "flights: 1 day pending, for no run (2025-01-03)",
      "flights: 1 day left by a run that died (2025-01-04)",
    ].sort(),
  );
  expect(dry.stderr).toContain("Nothing was changed (--dry-run).");
  const status = await command("status", "local", "--exit-code");
  expect(status, status.stderr).toMatchObject({ exitCode: 2 });
  for (const line of [
    "  flights: 1 day failed (2025-01-02)",
    `  ! ingestion gave up what lies in ${ingestDlq}`,
    "  ! days of flights failed, or wait for no run",
    "      npx lake redrive local",
  ])
    expect(status.stdout).toContain(line);
  const unasked = await command("redrive", "local");
  expect(unasked).toMatchObject({ exitCode: 1 });
  expect(unasked.stderr).toContain("--auto-approve");
  const again = await command("redrive", "local", "--dry-run");
  expect(sorted(again)).toEqual(sorted(dry));
  expect(await everything()).toEqual(before);
});

it("sends messages back and runs the days, but for a message that would come back", async () => {
  const before = await names();
  const told = await command("redrive", "local", "--auto-approve");
  expect(told, told.stderr).toMatchObject({ exitCode: 0 });
  expect(told.stderr).toMatch(
    new RegExp(`Send back what is in ${ingestDlq}: done in .*, 1 message sent, 1 left`),
  );
  expect(told.stderr).toMatch(
    new RegExp(`Send back what is in ${eventsDlq}: done in .*, 1 message sent$`, "m"),
  );
  expect(told.stderr).toContain("Batch 1 of 1: flights 2025-01-02 to 2025-01-04 (3 days)");
  await pipeline.settled();

  // Each day has been taken by a run since: those of the messages, and those that were stuck.
  const runs = (await names()).filter((name) => !before.includes(name));
  expect((await takenBy(runs)).sort()).toEqual(DAYS.map((day) => `2025-01-${day}`));
  expect(await waiting()).toEqual(["id"]);
  const after = await command("redrive", "local", "--auto-approve");
  expect(after).toMatchObject({
    exitCode: 0,
    stdout: `${ingestDlq}: 1 message\n  no event, it stays here: { no JSON\n${eventsDlq}: empty`,
  });
  expect(after.stderr).toContain(`1 message in ${ingestDlq} is no event`);
  expect(after.stderr).toContain("aws sqs purge-queue --queue-url http");
  expect(after.stderr).toContain("There is nothing to redrive.");
  const [, ...rows] = await pipeline.query("SELECT day, count(*) FROM flights GROUP BY 1");
  expect(rows.sort()).toEqual(DAYS.map((day) => [day, "2"]));
});

it("loses no message when it is interrupted, and sends the rest the next time", async () => {
  const days = Array.from({ length: 25 }, (_, index) => String(index + 1).padStart(2, "0"));
  for (const day of days)
    await dead(ingestDlq, eventOf(`raw/flights/year=2024/month=03/day=${day}/gone.json`));
  const before = await names();
  const gate = await holdRequests(lake.endpoint, /AmazonSQS\.DeleteMessageBatch$/);
  command.through(gate.endpoint);
  const first = command.start("redrive", "local", "--auto-approve");
  await gate.held;
  first.kill("SIGINT");
  await first.said("Interrupted.");
  gate.release();
  const { exitCode, stderr } = await first.ended;
  expect(exitCode).toBe(130);
  const sent = Number(
    /(\d+) messages of .* sent back; what is left is still there/.exec(stderr)?.[1],
  );
  // One of the ten may have been the message that stays.
  expect([9, 10]).toContain(sent);
  expect(stderr).toContain("Go on with: npx lake redrive local");

  const left = await command("redrive", "local", "--dry-run");
  expect(left.stdout).toContain(`${ingestDlq}: ${26 - sent} messages`);
  const second = await command("redrive", "local", "--auto-approve");
  expect(second, second.stderr).toMatchObject({ exitCode: 0 });
  expect(second.stderr).toContain(`${25 - sent} messages sent, 1 left`);
  await pipeline.settled();
  const taken = await takenBy((await names()).filter((name) => !before.includes(name)));
  expect([...new Set(taken)].sort()).toEqual(days.map((day) => `2024-03-${day}`));
});

it("names the batch that fails again, whose days stay marked, and sends the messages", async () => {
  await pipeline.put(key("06"), '{"origin": 1');
  await pipeline.settled();
  await dead(ingestDlq, eventOf(key("01")));
  const told = await command("redrive", "local", "--auto-approve");
  expect(told.exitCode).toBe(1);
  expect(told.stderr).toContain("1 of 1 batch failed:");
  expect(told.stderr).toMatch(/flights 2025-01-06: Run redrive-flights-20250106-\w+ failed/);
  expect(told.stderr).toContain("Mend the cause and give the same command again");
  expect(told.stderr).toContain("1 message sent, 1 left");
  await pipeline.settled();
  const after = await command("redrive", "local", "--dry-run");
  expect(after.stdout).toContain("flights: 1 day failed (2025-01-06)");
});

function eventOf(of: string): string {
  return JSON.stringify({
    "detail-type": "Object Created",
    detail: { bucket: { name: lake.names.bucket.landing }, object: { key: of, size: 32 } },
  });
}

/** Puts a message into a dead-letter queue, as EventBridge or SQS would. */
async function dead(queue: string, MessageBody: string, reason?: string): Promise<void> {
  await pipeline.sqs.send(
    new SendMessageCommand({
      QueueUrl: `${lake.endpoint}/123456789012/${queue}`,
      MessageBody,
      ...(reason && {
        MessageAttributes: { ERROR_MESSAGE: { DataType: "String", StringValue: reason } },
      }),
    }),
  );
}

const item = () => ({
  TableName: lake.names.table.locks,
  Key: { id: { S: "pending#flights" } },
});

async function mark(UpdateExpression: string, days: string[], who?: string): Promise<void> {
  await locks.client.send(
    new UpdateItemCommand({
      ...{ ...item(), UpdateExpression },
      ExpressionAttributeValues: { ":days": { SS: days }, ...(who && { ":who": { S: who } }) },
    }),
  );
}

/** Attributes of the source's item. */
async function waiting(): Promise<string[]> {
  const { Item = {} } = await locks.client.send(
    new GetItemCommand({ ...item(), ConsistentRead: true }),
  );
  return Object.keys(Item).sort();
}

async function names(): Promise<string[]> {
  return (await pipeline.executions()).map(({ name }) => name);
}

/** Days that these executions have taken, each as often as it was taken. */
async function takenBy(runs: readonly string[]): Promise<string[]> {
  const all = await pipeline.executions();
  const arns = all.flatMap(({ name, executionArn }) => (runs.includes(name) ? executionArn : []));
  const outputs = await Promise.all(
    arns.map((executionArn) => pipeline.sfn.send(new DescribeExecutionCommand({ executionArn }))),
  );
  return outputs.flatMap(({ output }) => JSON.parse(output ?? "{}").taken?.days ?? []);
}

/** What a look must not change. */
async function everything() {
  return {
    executions: await names(),
    waiting: await waiting(),
    waits: await pipeline.messagesWait(),
  };
}

function sorted({ stdout }: Told): string[] {
  return stdout.split("\n").sort();
}
