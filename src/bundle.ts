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
import { buildSync } from "esbuild";
import { type Zippable, zipSync } from "fflate";

/** Zips that the stacks upload, by path. */
export interface Bundles {
  readonly trigger: string;
  readonly validate: string;
  readonly jobPackages: string;
}

/** Zip entries carry a date; this one is the earliest that the format holds. */
const DATE = "1980-01-01T00:00:00";
/** `-rw-r--r--` in the place where zip keeps Unix modes. */
const MODE = 0o100644 << 16;
const UNIX = 3;

/**
 * Bundles both Lambda functions and the job's packages.
 * @param root the project's folder
 * @param into folder for the zips, named by their content
 */
export function bundleAll(root: string, into: string): Bundles {
  mkdirSync(into, { recursive: true });
  const functions = bundleFunctions(root, ["trigger", "validate"]);
  return {
    trigger: store(into, "trigger", zip({ "index.mjs": functions.trigger })),
    validate: store(into, "validate", zip({ "index.mjs": functions.validate })),
    jobPackages: store(into, "lake", zip(pythonPackage(join(root, "jobs"), "lake"))),
  };
}

function bundleFunctions<Name extends string>(
  root: string,
  names: readonly Name[],
): Record<Name, Uint8Array> {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [name, `lambda/${name}/handler.ts`])),
    outdir: "out",
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    // The SDK's CommonJS parts call require, which an ES module does not have.
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    legalComments: "none",
    logLevel: "silent",
  });
  return Object.fromEntries(
    names.map((name) => {
      const file = outputFiles.find(({ path }) => path.endsWith(`${name}.mjs`));
      if (file === undefined) throw new Error(`esbuild gave no ${name}.mjs`);
      return [name, file.contents];
    }),
  ) as Record<Name, Uint8Array>;
}

function pythonPackage(folder: string, name: string): Record<string, Uint8Array> {
  const files = readdirSync(join(folder, name), { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    files
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(".py"))
      .sort()
      .map((file) => [`${name}/${file}`, readFileSync(join(folder, name, file))]),
  );
}

function zip(files: Record<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const [path, bytes] of Object.entries(files))
    entries[path] = [bytes, { mtime: new Date(DATE), os: UNIX, attrs: MODE, level: 9 }];
  return zipSync(entries);
}

/** Written aside and renamed, so that two syntheses at once never read half a file. */
function store(into: string, name: string, bytes: Uint8Array): string {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const path = join(into, `${name}-${hash}.zip`);
  if (!existsSync(path)) {
    const aside = `${path}.${process.pid}`;
    writeFileSync(aside, bytes);
    renameSync(aside, path);
  }
  return path;
}
