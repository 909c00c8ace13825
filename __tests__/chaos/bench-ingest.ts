/**
 * `npm run bench:ingest`: what it costs to ingest the same data in 1, 10, 100 and 1,000 files: our
 * executions against one execution a file, as the template starts them, in one run on one lake.
 * Of many files one execution a file is measured on `--sample` of them; the table says where.
 */
import { parseArgs } from "node:util";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import Table from "cli-table3";
import { deployLake } from "../e2e/support/deployed-lake";
import { eventually } from "../e2e/support/pipeline";
import { Control } from "./control";
import { SCHEMA, type Source } from "./files";
import { tfvarsOf } from "./lake";
import { ObservedLake } from "./observed-lake";
import { untilQuiet } from "./settle";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "1,10,100,1000" },
    megabytes: { type: "string", default: "10" },
    sample: { type: "string", default: "5" },
  },
});
const COUNTS = values.files.split(",").map(Number);
const BYTES = Number(values.megabytes) * 1e6;
const SAMPLE = Number(values.sample);
if (![...COUNTS, BYTES, SAMPLE].every((number) => number >= 1))
  throw new Error("--files, --megabytes and --sample: expected numbers from 1");

/** Uploads at a time. */
const PARALLEL = 20;

const OURS: Source = { name: "gathered", format: "json", schema: SCHEMA, layout: "iceberg" };
const SINGLE: Source = { name: "singly", format: "json", schema: SCHEMA, layout: "iceberg" };

/** Executions, and what their jobs used. */
interface Cost {
  readonly executions: number;
  readonly jobs: number;
  /** vCPU-hours of the workers while they ran. */
  readonly used: number;
  /** The same as it is billed: a minute at least. */
  readonly billed: number;
  /** Executions that were measured, where these are fewer than those that it takes. */
  readonly sampled?: number;
}

// The SDK tells at every start which Node.js it will need next year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const say = (line: string) => console.error(line);
say("deploying a lake to a local AWS of its own");
const deployed = await deployLake(tfvarsOf([OURS, SINGLE]));
const lake = new ObservedLake(deployed);
const control = new Control(deployed.endpoint);
const table = new Table({
  head: [
    ...["files", "KB each", "", "executions", "Spark jobs"],
    ...["vCPU-h used", "billed", "ratio billed"],
  ],
  style: { head: [], border: [], compact: true },
});
try {
  for (const [at, files] of COUNTS.entries()) {
    const ours = await costOf(() => ourWay(files, at + 1));
    say(`${files} files: ours took ${ours.executions} executions`);
    const single = await costOfSingle(files, at + 1);
    const each = (BYTES / files / 1000).toFixed(0);
    say(`${files} files: ratio of what is billed ${(single.billed / ours.billed).toFixed(1)}`);
    table.push(
      [files, each, "ours", ours.executions, ours.jobs, hours(ours.used), hours(ours.billed), ""],
      [
        ...[
          "",
          "",
          single.sampled
            ? `one a file (${single.sampled} measured, × ${+(files / single.sampled).toFixed(1)})`
            : "one a file",
        ],
        ...[single.executions, single.jobs, hours(single.used), hours(single.billed)],
        `${(single.billed / ours.billed).toFixed(1)} ×`,
      ],
    );
  }
} finally {
  // Also of a bench that did not come to its end: what it has measured stands.
  console.log(`${BYTES / 1e6} MB of JSON lines in all, each time`);
  console.log(table.toString());
  await deployed.close();
}

/** All files dropped at once into one day; the lake starts what it likes. */
async function ourWay(files: number, day: number): Promise<void> {
  const left = Array.from({ length: files }, (_, at) => at);
  const upload = async () => {
    for (let at = left.pop(); at !== undefined; at = left.pop())
      await put(`raw/${OURS.name}/${folder(day)}/part-${at}.json`, BYTES / files);
  };
  await Promise.all(Array.from({ length: PARALLEL }, upload));
  await untilQuiet(lake, control);
}

/** One execution for each file, one after the other; each file has a day, as each reads its own. */
async function costOfSingle(files: number, round: number): Promise<Cost> {
  const measured = files <= 2 * SAMPLE ? files : SAMPLE;
  // The lake's own trigger stays away meanwhile.
  await control.arm({
    ...{ service: "lambda", action: "Invoke", match: deployed.names.function.trigger },
    ...{ error: "TooManyRequestsException", times: 1e9 },
  });
  const cost = await costOf(async () => {
    for (let at = 0; at < measured; at += 1) {
      const key = `raw/${SINGLE.name}/${folder((at % 28) + 1, round)}/part-${at}.json`;
      await put(key, BYTES / files);
      const name = `singly-${files}-${at}`;
      const bucket = { name: deployed.names.bucket.landing };
      await lake.start(name, { detail: { bucket, object: { key } } });
      await eventually(`the end of ${name}`, async () =>
        (await lake.executions()).some((one) => one.name === name && one.status !== "RUNNING")
          ? true
          : undefined,
      );
      say(`${files} files, one execution each: ${at + 1} of ${measured} measured`);
    }
  });
  await lake.purge(deployed.names.queue.ingest);
  await control.calm();
  const scale = files / measured;
  if (scale === 1) return cost;
  return {
    executions: cost.executions * scale,
    jobs: cost.jobs * scale,
    used: cost.used * scale,
    billed: cost.billed * scale,
    sampled: measured,
  };
}

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const executionsBefore = new Set((await lake.executions()).map(({ arn }) => arn));
  const jobsBefore = new Set((await lake.jobs()).map(({ id }) => id));
  await work();
  const executions = (await lake.executions()).filter(({ arn }) => !executionsBefore.has(arn));
  const failed = executions.filter(({ status }) => status !== "SUCCEEDED");
  if (failed.length > 0) throw new Error(`did not succeed: ${JSON.stringify(failed)}`);
  const jobs = (await lake.jobs()).filter(({ id }) => !jobsBefore.has(id));
  let [used, billed] = [0, 0];
  for (const { id } of jobs) {
    // The bill is made up a moment after the job's last state.
    const job = await eventually(`what ${id} used`, async () => {
      const now = await lake.job(id);
      return now.billedResourceUtilization?.vCPUHour ? now : undefined;
    });
    used += job.totalResourceUtilization?.vCPUHour ?? 0;
    billed += job.billedResourceUtilization?.vCPUHour ?? 0;
  }
  return { executions: executions.length, jobs: jobs.length, used, billed };
}

async function put(key: string, bytes: number): Promise<void> {
  const record = (at: number) => JSON.stringify({ id: `${key} ${at}`, amount: at, note: "bench" });
  const lines: string[] = [];
  for (let size = 0; size < bytes; ) {
    const line = record(lines.length);
    size += line.length + 1;
    lines.push(line);
  }
  const Body = `${lines.join("\n")}\n`;
  const Bucket = deployed.names.bucket.landing;
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: key, Body }));
}

function folder(day: number, month = 1): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `year=2025/month=${two(month)}/day=${two(day)}`;
}

function hours(vcpuHours: number): string {
  return vcpuHours.toFixed(3);
}
