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

const folder = mkdtempSync(join(tmpdir(), "lake-bench-"));
try {
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "main.ts"), ONE_BUCKET);
  writeFileSync(join(folder, "cdktf.json"), readFileSync(join(ROOT, "cdktf.json")));
  console.log(`${ROUNDS} rounds, median (least to most)`);
  await compare("cdktf synth", (cwd, out) => [
    cdktfProgram(),
    ...["synth", "--output", relative(cwd, out)],
  ]);
  await compare("the app alone", () => ["--import", "tsx/esm", "main.ts"]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(
  what: string,
  args: (cwd: string, outdir: string) => string[],
): Promise<void> {
  const lake: number[] = [];
  const bucket: number[] = [];
  // The first of each warms the disk's cache and our bundles, and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const pair = [
      await secondsOf(args, ROOT, join(folder, "lake.out")),
      await secondsOf(args, folder, join(folder, "bucket.out")),
    ] as const;
    if (round === 0) continue;
    lake.push(pair[0]);
    bucket.push(pair[1]);
  }
  const ratios = lake.map((seconds, index) => seconds / (bucket[index] ?? Number.NaN));
  console.log(`${what}`);
  console.log(`  all environments  ${spread(lake, "s")}`);
  console.log(`  one bucket        ${spread(bucket, "s")}`);
  console.log(`  ratio             ${spread(ratios, "×")}`);
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

function spread(values: readonly number[], unit: string): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN).toFixed(2);
  return `${at(0.5)} ${unit} (${at(0)} to ${at(1)})`;
}
