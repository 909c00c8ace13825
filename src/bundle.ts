/** Builds what is uploaded: the same source gives the same bytes, on every machine and every day. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "esbuild";
import { type Zippable, zipSync } from "fflate";

/** The Lambda functions, each the name of its folder in lambda/. */
export const FUNCTIONS = ["trigger", "validate", "metrics"] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Zips that the stacks upload, by path. */
export type Bundles = Readonly<Record<FunctionName | "jobPackages", string>>;

/** Zip entries carry a date; this one is the earliest that the format holds. */
const DATE = "1980-01-01T00:00:00";
/** `-rw-r--r--` in the place where zip keeps Unix modes. */
const MODE = 0o100644 << 16;
const UNIX = 3;

/** How esbuild makes a function's one file. */
export const BUILD_OPTIONS = {
  outdir: "out",
  write: false,
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  // The ES modules of the SDK first: of its CommonJS nothing can be left out. For Node.js esbuild
  // takes that first, for packages that mean something else by "module":
  // https://esbuild.github.io/api/#main-fields
  mainFields: ["module", "main"],
  format: "esm",
  outExtension: { ".js": ".mjs" },
  // CommonJS packages of the SDK's call require, which an ES module does not have.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  },
  legalComments: "none",
  logLevel: "silent",
} as const satisfies BuildOptions;

/**
 * Bundles the Lambda functions and the job's packages. Zips are named by what they are made from,
 * so that an unchanged source costs a synthesis no more than its hash.
 * @param root the project's folder
 * @param into folder for the zips
 */
export async function bundleAll(root: string, into: string): Promise<Bundles> {
  mkdirSync(into, { recursive: true });
  const functions = filesUnder(root, "lambda", ".ts");
  const packages = filesUnder(join(root, "jobs"), "lake", ".py");
  const lock = readFileSync(join(root, "package-lock.json"));
  const builder = { "bundle.ts": readFileSync(new URL(import.meta.url)) };
  const key = hashOf({ ...functions, ...builder, "package-lock.json": lock });
  const path = (name: string, hash: string) => join(into, `${name}-${hash}.zip`);
  const bundles: Bundles = {
    trigger: path("trigger", key),
    validate: path("validate", key),
    metrics: path("metrics", key),
    jobPackages: path("lake", hashOf({ ...packages, ...builder })),
  };
  if (!FUNCTIONS.every((name) => existsSync(bundles[name]))) {
    const built = await buildFunctions(root, FUNCTIONS);
    for (const name of FUNCTIONS) store(bundles[name], zip({ "index.mjs": built[name] }));
  }
  if (!existsSync(bundles.jobPackages)) store(bundles.jobPackages, zip(packages));
  return bundles;
}

async function buildFunctions<Name extends string>(
  root: string,
  names: readonly Name[],
): Promise<Record<Name, Uint8Array>> {
  // Only where there is something to build: loading esbuild takes longer than the hash.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    ...BUILD_OPTIONS,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [name, `lambda/${name}/handler.ts`])),
  });
  return Object.fromEntries(
    names.map((name) => {
      const file = outputFiles.find(({ path }) => path.endsWith(`${name}.mjs`));
      if (file === undefined) throw new Error(`esbuild gave no ${name}.mjs`);
      return [name, file.contents];
    }),
  ) as Record<Name, Uint8Array>;
}

/** Contents by path, relative to `root` and with forward slashes, sorted. */
function filesUnder(root: string, folder: string, ending: string): Record<string, Uint8Array> {
  return Object.fromEntries(
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
      .filter((file) => file.endsWith(ending))
      .sort()
      .map((file) => [file, readFileSync(join(root, file))]),
  );
}

function hashOf(parts: Record<string, Uint8Array>): string {
  const hash = createHash("sha256");
  // Lengths part the pieces: no two different inputs run together into one text.
  for (const [name, bytes] of Object.entries(parts))
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex").slice(0, 16);
}

function zip(files: Record<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const [path, bytes] of Object.entries(files))
    entries[path] = [bytes, { mtime: new Date(DATE), os: UNIX, attrs: MODE, level: 9 }];
  return zipSync(entries);
}

/** Written aside and renamed, so that two syntheses at once never read half a file. */
function store(path: string, bytes: Uint8Array): void {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, bytes);
  renameSync(aside, path);
}
