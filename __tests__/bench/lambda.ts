/**
 * `npm run bench:lambda`: size and cold start of each Lambda function as it is uploaded, against the
 * same handler as two common builds make it: esbuild with nothing set, and the CDK's NodejsFunction,
 * which leaves the SDK to the runtime and so to hundreds of files. A cold start is the time from the
 * start of a Node.js process to a handler that could be called, on this machine and its Node.js.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { execa } from "execa";
import { unzipSync, zipSync } from "fflate";
import { bundleAll, FUNCTIONS, type FunctionName } from "../../src/bundle";
import { ROOT } from "../../src/local/paths";
import {
  type Extent,
  quotients,
  type Ratio,
  type Rounds,
  runAlone,
  spread,
  tableOf,
} from "./ratio";

const ROUNDS = 15;
/** What the handlers read when they are loaded. */
const ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  LAKE: "lake",
  USD_PER_VCPU_HOUR: "1",
  USD_PER_MEMORY_GB_HOUR: "1",
  USD_PER_STORAGE_GB_HOUR: "1",
};

const NAIVE: BuildOptions = { bundle: true, platform: "node" };
const PEERS = {
  "esbuild's defaults": NAIVE,
  // https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda_nodejs-readme.html
  "the CDK's: SDK of the runtime": { ...NAIVE, external: ["@aws-sdk/*", "@smithy/*"] },
} as const satisfies Record<string, BuildOptions>;
const OURS = "ours";

/** One function, built in one way. */
interface Built {
  readonly name: FunctionName;
  readonly how: string;
  readonly file: string;
  /** Bytes of the file, and of its zip. */
  readonly unpacked: number;
  readonly zipped: number;
  readonly milliseconds: number[];
}

export async function benchLambda({ smallest }: Extent): Promise<Ratio[]> {
  const folder = mkdtempSync(join(tmpdir(), "lake-bench-"));
  try {
    const built = await buildAll(folder);
    const rounds = smallest ? 3 : ROUNDS;
    // The round before the first one warms the disk's cache.
    for (let round = 0; round <= rounds; round += 1)
      for (const { file, milliseconds } of built) {
        const took = await coldStart(file);
        if (round > 0) milliseconds.push(took);
      }
    console.log(`Node.js ${process.version}, ${rounds} rounds, median (least to most)`);
    console.log(table(built));
    return FUNCTIONS.flatMap((name) => ratios(built.filter((one) => one.name === name)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildAll(folder: string): Promise<Built[]> {
  // Where the runtime has its SDK, too, it lies as files beside the code.
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const bundles = await bundleAll(ROOT, join(folder, "zips"));
  const built: Built[] = [];
  for (const name of FUNCTIONS) {
    const zip = readFileSync(bundles[name]);
    const [index = new Uint8Array()] = Object.values(unzipSync(zip));
    built.push(store(folder, name, OURS, index, "mjs", zip.length));
    for (const [how, options] of Object.entries(PEERS)) {
      const { outputFiles } = await build({
        ...options,
        absWorkingDir: ROOT,
        entryPoints: [`lambda/${name}/handler.ts`],
        write: false,
      });
      const code = outputFiles[0]?.contents ?? new Uint8Array();
      const packed = zipSync({ "index.js": code }, { level: 9 }).length;
      built.push(store(folder, name, how, code, "cjs", packed));
    }
  }
  return built;
}

function store(
  folder: string,
  name: FunctionName,
  how: string,
  code: Uint8Array,
  ending: string,
  zipped: number,
): Built {
  const place = join(folder, how.replace(/\W+/g, "-"));
  mkdirSync(place, { recursive: true });
  const file = join(place, `${name}.${ending}`);
  writeFileSync(file, code);
  return { name, how, file, unpacked: code.length, zipped, milliseconds: [] };
}

/** Milliseconds from the start of a process of its own to the handler. */
async function coldStart(file: string): Promise<number> {
  const script = `
    const { handler } = await import(process.argv[1]);
    if (typeof handler !== "function") throw new Error("no handler");
    console.log(performance.now());`;
  const { stdout } = await execa(
    process.execPath,
    ["--input-type=module", "--eval", script, file],
    { env: { PATH: process.env.PATH ?? "", ...ENVIRONMENT }, extendEnv: false },
  );
  return Number(stdout);
}

function table(built: readonly Built[]): string {
  const kb = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
  const rows = built.map(({ name, how, zipped, unpacked, milliseconds }) => [
    ...[name, how, kb(zipped), kb(unpacked), spread(milliseconds, "ms")],
  ]);
  return tableOf(["function", "built", "zip", "unpacked", "to the handler"], rows);
}

function ratios(built: readonly Built[]): Ratio[] {
  const [ours, naive, external] = built;
  if (!ours || !naive || !external) return [];
  const against = (what: string, rounds: Rounds, atMost: number): Ratio => ({
    what: `${ours.name}: ${what}`,
    rounds,
    goal: { atMost },
  });
  const start = (peer: Built) => quotients(ours.milliseconds, peer.milliseconds);
  return [
    against(`zip ÷ that of ${naive.how}`, [ours.zipped / naive.zipped], 0.5),
    against(`cold start ÷ that of ${naive.how}`, start(naive), 0.75),
    against(`cold start ÷ that of ${external.how}`, start(external), 0.75),
  ];
}

await runAlone(import.meta.url, benchLambda);
