/**
 * `lake run --from --to`, as a person gives it, on a lake of their own. The
 * tests stand in an order: what one leaves, the next one finds.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "../../src/local/paths";
import { type DeployedLake, deployLake } from "./support/deployed-lake";
import { holdSource } from "./support/held-source";
import { type LakeCommand, lakeCommand } from "./support/lake-command";
import { locksOf } from "./support/locks";
import { eventually, pipelineOf } from "./support/pipeline";

const TFVARS = readFileSync(join(ROOT, "env", "local.tfvars"), "utf8").replace(
  /sources = \{/,
  'sources = {\n  broken = { format = "json", schema = "this is no DDL" }',
);
const DAYS = ["01", "02", "03", "04"];
const key = (source: string, day: string) => `raw/${source}/year=2025/month=01/day=${day}/one.json`;
const span = (source: string, from: string, to: string) => [
  ...["run", "local", "--source", source],
  ...["--from", `2025-01-${from}`, "--to", `2025-01-${to}`],
];

let lake: DeployedLake;
let pipeline: ReturnType<typeof pipelineOf>;
let command: LakeCommand;
let locks: ReturnType<typeof locksOf>;

beforeAll(async () => {
  lake = await deployLake(TFVARS);
  pipeline = pipelineOf(lake);
  command = lakeCommand(lake, lake.region);
  locks = locksOf(lake, lake.names.table.locks);
  for (const day of DAYS)
    await pipeline.put(key("flights", day), `{"origin": "A"}\n{"origin": "B"}\n`);
});
afterAll(() => lake?.close());

it("ingests days in bounded batches beside what events start, and no row comes twice", async () => {
  const told = await command(...span("flights", "01", "31"), "--batch-days", "3");
  expect(told, told.stderr).toMatchObject({ exitCode: 0 });
  expect(told.stderr).toContain(
    "Batch 1 of 2: flights 2025-01-01 to 2025-01-03 (3 days), 3 files, 96 B",
  );
  expect(told.stderr).toContain("Batch 2 of 2: flights 2025-01-04, 1 file, 32 B");
  expect(told.stdout).toBe("flights 2025-01-01 to 2025-01-31: ingested");
  expect((await backfills()).length).toBeGreaterThanOrEqual(2);
  await pipeline.settled();
  expect(await rowsByDay()).toEqual({ "01": "2", "02": "2", "03": "2", "04": "2" });
});

it("says how to go on when it is interrupted, and goes on where it was", async () => {
  const earlier = new Set(await backfills());
  const first = command.start(...span("flights", "01", "03"), "--batch-days", "1");
  await first.said("Batch 2 of 3: flights 2025-01-02");
  await eventually("the second run to be on record", async () => {
    const record = await pipeline.read(
      lake.names.bucket.etl,
      "runs/backfills/flights/2025-01-01--2025-01-03.json",
    );
    return record.includes("running") && record.includes("2025-01-02") ? true : undefined;
  });
  first.kill("SIGINT");
  const { exitCode, stderr } = await first.ended;
  expect(exitCode).toBe(130);
  expect(stderr).toContain("1 of 3 days done.");
  expect(stderr).toMatch(
    /Run backfill-flights-20250102-\w+ goes on by itself: flights 2025-01-02\./,
  );
  expect(stderr).toContain(
    "Go on with: npx lake run local --source flights --from 2025-01-01 --to 2025-01-03",
  );

  const second = await command(...span("flights", "01", "03"), "--batch-days", "1");
  expect(second, second.stderr).toMatchObject({ exitCode: 0 });
  expect(second.stderr).toContain("1 day done. To begin anew: --restart");
  expect(second.stderr).toMatch(/Batch 1 of 2: flights 2025-01-02, run backfill-flights-20250102-/);
  expect(second.stderr).toContain("Batch 2 of 2: flights 2025-01-03");
  const started = (await backfills()).filter((name) => !earlier.has(name));
  expect(started.map((name) => name.split("-")[2]).sort()).toEqual([
    ...["20250101", "20250102", "20250103"],
  ]);
  // Through, it is forgotten: the next one begins anew.
  expect(await pipeline.keys(lake.names.bucket.etl, "runs/backfills/")).toEqual([]);
});

it("takes a day whose file has gone for the rows that are left of it", async () => {
  await pipeline.s3.send(
    new DeleteObjectCommand({ Bucket: lake.names.bucket.landing, Key: key("flights", "04") }),
  );
  const told = await command(...span("flights", "04", "04"));
  expect(told, told.stderr).toMatchObject({ exitCode: 0 });
  expect(told.stderr).toContain("Batch 1 of 1: flights 2025-01-04, 0 files, 0 B");
  expect(await rowsByDay()).toEqual({ "01": "2", "02": "2", "03": "2" });
});

it("finds nothing to do where nothing lies", async () => {
  const told = await command(...span("flights", "10", "20"));
  expect(told).toMatchObject({
    exitCode: 0,
    stdout: "flights 2025-01-10 to 2025-01-20: no day was left to ingest",
  });
});

it("names each batch that failed, goes on with the others, and keeps them for the next try", async () => {
  for (const day of ["01", "02"]) await pipeline.put(key("broken", day), '{"a": 1}\n');
  const told = await command(...span("broken", "01", "02"), "--batch-days", "1");
  expect(told).toMatchObject({ exitCode: 1, stdout: "" });
  expect(told.stderr).toContain("2 of 2 batches failed:");
  for (const day of ["01", "02"])
    expect(told.stderr).toMatch(
      new RegExp(
        `broken 2025-01-${day}: Run backfill-broken-202501${day}-\\w+ failed in StartEMRJob`,
      ),
    );
  expect(told.stderr).toContain("this is no DDL");
  expect(await daysOf("broken", "failed")).toEqual(["2025-01-01", "2025-01-02"]);
});

it("follows an upload in the run that takes its day, be it one that waited before", async () => {
  await pipeline.settled();
  const before = new Set((await pipeline.executions()).map(({ name }) => name));
  const release = await holdSource(lake, "flights");
  await pipeline.put(key("flights", "10"), '{"origin": "A"}\n');
  const waiter = await eventually("a run that waits", async () =>
    (await pipeline.executions()).find(({ name }) => !before.has(name)),
  );
  const file = join(lake.folder, "two.json");
  writeFileSync(file, '{"origin": "B"}\n{"origin": "C"}\n');
  const uploads = ["10", "11"].map((day) =>
    command.start("run", "local", "--source", "flights", file, "--date", `2025-01-${day}`),
  );
  await Promise.all(uploads.map((one) => one.said(`waiting for run ${waiter.name}`)));
  await eventually("both days to wait", async () =>
    (await daysOf("flights", "pending")).length === 2 ? true : undefined,
  );
  await release();
  for (const { ended } of uploads) {
    const told = await ended;
    expect(told, told.stderr).toMatchObject({ exitCode: 0 });
    expect(told.stdout).toContain(
      `${waiter.name}: 5 rows read, 5 written, 0 in quarantine\n${" ".repeat(waiter.name.length)}  3 files (`,
    );
    expect(told.stdout).toMatch(/^ +cost on AWS: 0\.\d{4} USD \([\d.]+ vCPU-hours and/m);
  }
  expect(await rowsByDay()).toMatchObject({ "10": "3", "11": "2" });
});

/** Rows of each day that has any. */
async function rowsByDay(): Promise<Record<string, string>> {
  const sql = "SELECT day, count(*) FROM flights GROUP BY day ORDER BY day";
  return Object.fromEntries((await pipeline.query(sql)).slice(1));
}

/** Names of the runs that a backfill has started. */
async function backfills(): Promise<string[]> {
  const names = (await pipeline.executions()).map(({ name }) => name);
  return names.filter((name) => name.startsWith("backfill-"));
}

/** One of the sets of the source's item. */
async function daysOf(source: string, set: "failed" | "pending"): Promise<string[]> {
  const { Item } = await locks.client.send(
    new GetItemCommand({
      TableName: lake.names.table.locks,
      Key: { id: { S: `pending#${source}` } },
      ConsistentRead: true,
    }),
  );
  return [...(Item?.[set]?.SS ?? [])].sort();
}
