/**
 * `npm run bench:synth`: `cdktf synth` of all environments against that of an app with one bucket,
 * in turn, in one run; and the two apps alone, without the CLI around them.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { cdktfProgram } from "../../src/local/cdktf";
import { ROOT } from "../../src/local/paths";
import { type Extent, extent, isProgram, quotients, type Ratio, ratioTable, spread } from "./ratio";

const ROUNDS = 7;
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

/** In as many rounds as the extent says, after one that warms the disk's cache and our bundles. */
export async function benchSynth({ smallest }: Extent): Promise<Ratio[]> {
  const rounds = smallest ? 1 : ROUNDS;
  const folder = mkdtempSync(join(tmpdir(), "lake-bench-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(folder, "main.ts"), ONE_BUCKET);
    writeFileSync(join(folder, "cdktf.json"), readFileSync(join(ROOT, "cdktf.json")));
    const synth = await compare("cdktf synth", folder, rounds, (cwd, out) => [
      cdktfProgram(),
      ...["synth", "--output", relative(cwd, out)],
    ]);
    await compare("the app alone", folder, rounds, () => ["--import", "tsx/esm", "main.ts"]);
    return [
      {
        what: "cdktf synth of all environments ÷ of an app with one bucket",
        rounds: synth,
        goal: { atMost: 2 },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(
  what: string,
  folder: string,
  rounds: number,
  args: (cwd: string, outdir: string) => string[],
): Promise<number[]> {
  const lake: number[] = [];
  const bucket: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const pair = [
      await secondsOf(args, ROOT, join(folder, "lake.out")),
      await secondsOf(args, folder, join(folder, "bucket.out")),
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

async function secondsOf(
  args: (cwd: string, outdir: string) => string[],
  cwd: string,
  outdir: string,
): Promise<number> {
  mkdirSync(outdir, { recursive: true });
  const began = performance.now();
  await execa(process.execPath, args(cwd, outdir), {
    cwd,
    env: { CDKTF_OUTDIR: outdir, CHECKPOINT_DISABLE: "1" },
  });
  return (performance.now() - began) / 1000;
}

if (isProgram(import.meta.url))
  console.log(ratioTable(await benchSynth(extent(process.argv.slice(2)))));
