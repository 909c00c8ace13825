import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILD_OPTIONS, type Bundles, bundleAll, FUNCTIONS } from "../src/bundle";
import { ROOT } from "./support/lake";

/** KB of a function's zip at most: it is what a cold start loads. */
const LARGEST_KB = 200;
/** Far from UTC on either side of the date line, and with a summer of its own. */
const ELSEWHERE = "Pacific/Chatham";

/** Without them the metrics function refuses to load. */
const PRICES = {
  USD_PER_VCPU_HOUR: "1",
  USD_PER_MEMORY_GB_HOUR: "1",
  USD_PER_STORAGE_GB_HOUR: "1",
};

let scratch: string;
let project: string;
let bundles: Bundles;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "lake-bundle-"));
  project = join(scratch, "a project with spaces");
  for (const part of ["lambda", "jobs", "package.json", "package-lock.json", "tsconfig.json"])
    cpSync(join(ROOT, part), join(project, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
  bundles = await bundleAll(project, join(scratch, "first"));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A copy of the project, as another machine has it: another folder, other dates. */
function copyOfProject(name: string): string {
  const copy = join(scratch, name);
  cpSync(project, copy, { recursive: true, verbatimSymlinks: true });
  for (const folder of ["lambda", "jobs"])
    for (const file of readdirSync(join(copy, folder), { recursive: true, encoding: "utf8" }))
      utimesSync(join(copy, folder, file), new Date(0), new Date(0));
  return copy;
}

function hashes(built: Bundles): Record<string, string> {
  return Object.fromEntries(
    Object.entries(built).map(([name, path]) => [
      name,
      createHash("sha256").update(readFileSync(path)).digest("hex"),
    ]),
  );
}

describe("the same source", () => {
  test("gives the same bytes under the same name, in another folder, at another time, elsewhere", () => {
    const copy = copyOfProject("copy");
    const script = `
      import { bundleAll } from ${JSON.stringify(pathToFileURL(join(ROOT, "src/bundle.ts")))};
      console.log(JSON.stringify(await bundleAll(process.argv[1], process.argv[2])));`;
    const printed = execFileSync(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", script, copy, join(scratch, "second")],
      { cwd: ROOT, env: { ...process.env, TZ: ELSEWHERE }, encoding: "utf8" },
    );
    const again: Bundles = JSON.parse(printed);
    expect(hashes(again)).toEqual(hashes(bundles));
    expect(Object.values(again).map((path) => basename(path))).toEqual(
      Object.values(bundles).map((path) => basename(path)),
    );
  });

  test("is not built again where its zips are", async () => {
    const into = join(scratch, "third");
    cpSync(join(scratch, "first"), into, { recursive: true });
    const trigger = join(into, basename(bundles.trigger));
    writeFileSync(trigger, "left as it was");
    expect((await bundleAll(project, into)).trigger).toBe(trigger);
    expect(readFileSync(trigger, "utf8")).toBe("left as it was");
  });
});

describe("another source", () => {
  test("gives other bytes under another name", async () => {
    const copy = copyOfProject("changed");
    appendFileSync(join(copy, "lambda/trigger/handler.ts"), "\nexport const more = 1;\n");
    appendFileSync(join(copy, "jobs/lake/__init__.py"), "\nMORE = 1\n");
    const changed = await bundleAll(copy, join(scratch, "fourth"));
    const [before, after] = [hashes(bundles), hashes(changed)];
    expect(after.trigger).not.toBe(before.trigger);
    expect(after.jobPackages).not.toBe(before.jobPackages);
    expect(basename(changed.trigger)).not.toBe(basename(bundles.trigger));
    expect(basename(changed.jobPackages)).not.toBe(basename(bundles.jobPackages));
    // Both functions' zips have a new name, but this one's content is what it was.
    expect(after.validate).toBe(before.validate);
  });
});

describe.each(FUNCTIONS)("the zip of %s", (name) => {
  const files = () => unzipSync(readFileSync(bundles[name]));

  test("holds one file, an ES module", () => {
    expect(Object.keys(files())).toEqual(["index.mjs"]);
  });

  test("loads in Node by itself and exports the handler", () => {
    const folder = mkdtempSync(join(scratch, "load-"));
    writeFileSync(join(folder, "index.mjs"), files()["index.mjs"] ?? "");
    const script = `console.log(typeof (await import(${JSON.stringify(pathToFileURL(join(folder, "index.mjs")))})).handler)`;
    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...PRICES },
      // The SDK warns of old Nodes there.
      stdio: "pipe",
    });
    expect(printed).toBe("function\n");
  });

  test(`has at most ${LARGEST_KB} KB`, () => {
    expect(readFileSync(bundles[name]).length / 1024).toBeLessThan(LARGEST_KB);
  });
});

describe.each(FUNCTIONS)("what is bundled of %s", (name) => {
  const CLIENTS = {
    trigger: ["dynamodb", "s3", "sfn", "sns"],
    validate: ["s3"],
    metrics: ["emr-serverless", "s3"],
  };
  const CLIENT_IMPORT = /from "@aws-sdk\/client-([\w-]+)"/g;
  const inputs = async () => {
    const entry = `lambda/${name}/handler.ts`;
    const { metafile } = await build({
      ...BUILD_OPTIONS,
      absWorkingDir: ROOT,
      entryPoints: { [name]: entry },
      metafile: true,
    });
    return Object.keys(metafile.inputs);
  };
  /** Folder of the package that a file is part of; undefined for our own. */
  const packageOf = (file: string) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0];

  test("holds the SDK clients that its source imports and that it needs, and no other", async () => {
    const files = await inputs();
    const held = files.flatMap((file) => /@aws-sdk\/client-([\w-]+)/.exec(file)?.[1] ?? []);
    const imported = files
      .filter((file) => packageOf(file) === undefined)
      .flatMap((file) => [...readFileSync(join(ROOT, file), "utf8").matchAll(CLIENT_IMPORT)])
      .map(([, client = ""]) => client);
    expect([...new Set(held)].sort()).toEqual(CLIENTS[name]);
    expect([...new Set(imported)].sort()).toEqual(CLIENTS[name]);
  });

  test("holds no package twice, as two versions or as ES and CommonJS modules", async () => {
    const copies = new Map<string, Set<string>>();
    for (const file of await inputs()) {
      const folder = packageOf(file);
      if (folder === undefined || !/\.[cm]?js$/.test(file)) continue;
      const packageName = folder.split("node_modules/").at(-1) ?? "";
      const kind = /\/dist-(es|cjs)\//.exec(file)?.[1] ?? "";
      copies.set(packageName, (copies.get(packageName) ?? new Set()).add(`${folder} ${kind}`));
    }
    expect([...copies.values()].filter((found) => found.size > 1)).toEqual([]);
  });

  test("holds none of zod's languages: `import { z }` would hold them all", async () => {
    const { outputFiles } = await build({
      ...BUILD_OPTIONS,
      absWorkingDir: ROOT,
      entryPoints: { [name]: `lambda/${name}/handler.ts` },
      minify: false,
    });
    expect(outputFiles[0]?.text).not.toMatch(/zod\/v4\/locales\/(?!en\.)/);
  });
});

test("the job's packages are the Python files of lake/, importable from the zip's root", () => {
  const files = Object.keys(unzipSync(readFileSync(bundles.jobPackages)));
  expect(files).toContain("lake/__init__.py");
  for (const file of files) expect(file).toMatch(/^lake\/[\w/]+\.py$/);
});
