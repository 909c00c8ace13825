/**
 * `npm run bench:synth`: `cdktf synth` of all environments against that of an app with one bucket,
 * and against the stock start with the same resources; and how it grows with the sources.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../src/local/paths";
import { type Extent, quotients, type Ratio, runAlone, spread } from "./ratio";
import { ALONE, CDKTF, type Command, secondsOf } from "./synth-program";
import { bySources } from "./synth-sources";
import { againstStock } from "./synth-stock";

const ROUNDS = 7;
/** Of the stock start, which takes as long as all the others together. */
const STOCK_ROUNDS = 3;
const ONE_BUCKET = `
import { App, TerraformStack } from "cdktf";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
const app = new App();
const stack = new TerraformStack(app, "one");
new AwsProvider(stack, "aws", { region: "us-east-1" });
new S3Bucket(stack, "landing", { bucket: "one" });
app.synth();
`;

/** In seven rounds after one that warms the disk's cache and our bundles, or, smallest, in one alone. */
export async function benchSynth({ smallest }: Extent): Promise<Ratio[]> {
  const rounds = smallest ? 1 : ROUNDS;
  const folder = mkdtempSync(join(tmpdir(), "lake-bench-"));
  try {
    const synth = await againstBucket("cdktf synth", folder, rounds, CDKTF);
    await againstBucket("the app alone", folder, rounds, ALONE);
    return [
      {
        what: "cdktf synth of all environments ÷ of an app with one bucket",
        rounds: synth,
        goal: { atMost: 2 },
      },
      ...(await againstStock(folder, smallest ? 1 : STOCK_ROUNDS)),
      ...(await bySources(folder, rounds)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function againstBucket(
  what: string,
  folder: string,
  rounds: number,
  command: Command,
): Promise<number[]> {
  const one = bucketIn(folder);
  const lake: number[] = [];
  const bucket: number[] = [];
  for (let round = rounds === 1 ? 1 : 0; round <= rounds; round += 1) {
    const pair = [
      await secondsOf(command, ROOT, join(folder, "lake.out")),
      await secondsOf(command, one, join(folder, "bucket.out")),
    ] as const;
    if (round === 0) continue;
    lake.push(pair[0]);
    bucket.push(pair[1]);
  }
  const ratios = quotients(lake, bucket);
  console.log(`${what}, ${rounds} rounds, median (least to most)`);
  console.log(`  all environments  ${spread(lake, "s")}`);
  console.log(`  one bucket        ${spread(bucket, "s")}`);
  console.log(`  ratio             ${spread(ratios, "×")}`);
  return ratios;
}

/** A project with one bucket, run as ours is. */
function bucketIn(folder: string): string {
  const project = join(folder, "bucket");
  mkdirSync(project, { recursive: true });
  rmSync(join(project, "node_modules"), { force: true });
  symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(project, "main.ts"), ONE_BUCKET);
  writeFileSync(join(project, "cdktf.json"), readFileSync(join(ROOT, "cdktf.json")));
  return project;
}

await runAlone(import.meta.url, benchSynth);
