/** The program that cdktf runs, as cdktf runs it: in a process of its own. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { folderWith } from "./support/folder";
import { ROOT } from "./support/lake";

/** Synthesizes a folder that has these environments, and nothing else of the project. */
function run(environments: Record<string, string>, env: Record<string, string> = {}) {
  const folder = folderWith(
    Object.fromEntries(
      Object.entries(environments).map(([name, text]) => [`env/${name}.tfvars`, text]),
    ),
  );
  return synthIn(folder, env);
}

/** Synthesizes a folder that has its environments in env/. */
function synthIn(folder: string, env: Record<string, string> = {}) {
  const tsx = pathToFileURL(join(ROOT, "node_modules/tsx/dist/esm/index.mjs")).href;
  const { status, stderr } = spawnSync(process.execPath, ["--import", tsx, join(ROOT, "main.ts")], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    encoding: "utf8",
  });
  return { status, stderr, folder };
}

/** Paths and contents of all files under a folder. */
function filesUnder(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true }).map((path) => join(folder, String(path)));
  const files = paths.filter((path) => statSync(path).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(path, "base64")]));
}

test("a new file in env/ is a new environment, and no byte of the others changes", () => {
  const { status, stderr, folder } = run({ dev: "", prod: 'tags = { Team = "data" }\n' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const stacks = join(folder, "cdktf.out/stacks");
  const before = filesUnder(stacks);
  expect(Object.keys(before).filter((path) => path.endsWith("cdk.tf.json"))).toHaveLength(4);

  writeFileSync(join(folder, "env/qa.tfvars"), 'project = "lake"\n');
  expect(synthIn(folder).status).toBe(0);
  expect(filesUnder(stacks)).toMatchObject(before);
  expect(readdirSync(stacks).sort()).toEqual([
    "data-lake-dev",
    "data-lake-prod",
    "data-lake-qa",
    "state-dev",
    "state-prod",
    "state-qa",
  ]);
  const { resource } = JSON.parse(readFileSync(join(stacks, "data-lake-qa/cdk.tf.json"), "utf8"));
  expect(resource.aws_s3_bucket.landing.bucket).toBe("lake-landing-qa");
  // What a resource uploads lies beside it, whole.
  expect(
    existsSync(join(stacks, "data-lake-qa", resource.aws_lambda_function.trigger.filename)),
  ).toBe(true);
  expect(existsSync(join(stacks, "data-lake-qa", resource.aws_s3_object.spark_job.source))).toBe(
    true,
  );
});

test("a faulty environment is left out, said aloud, and stops no other", () => {
  const { status, stderr, folder } = run({ dev: "", prod: "emr_max_workers = 0\n" });
  expect(status).toBe(0);
  expect(stderr.trimEnd().split("\n")).toEqual([
    "Left out, for their faults:",
    expect.stringMatching(/^env\/prod\.tfvars:1: emr_max_workers: /),
  ]);
  expect(readdirSync(join(folder, "cdktf.out/stacks")).sort()).toEqual([
    "data-lake-dev",
    "state-dev",
  ]);
});

test("values that lake has merged stand over the file, for their environment alone", () => {
  const { folder } = run(
    { dev: 'project = "lake"\n', qa: 'project = "lake"\n' },
    { LAKE_VARIABLES: JSON.stringify({ dev: { project: "pond" } }) },
  );
  const project = (environment: string) => {
    const file = join(folder, `cdktf.out/stacks/data-lake-${environment}/cdk.tf.json`);
    return JSON.parse(readFileSync(file, "utf8")).resource.aws_s3_bucket.landing.bucket;
  };
  expect([project("dev"), project("qa")]).toEqual(["pond-landing-dev", "lake-landing-qa"]);
});

test("faulty environments alone end it with every fault and no trace of the program", () => {
  const { status, stderr, folder } = run({
    dev: "emr_max_workers = 0\n",
    qa: "emr_max_worker = 5\n",
  });
  expect(status).toBe(1);
  expect(stderr.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^env\/dev\.tfvars:1: emr_max_workers: .*got 0\. /),
    "env/qa.tfvars:1: emr_max_worker: unknown variable. Did you mean emr_max_workers?",
  ]);
  expect(existsSync(join(folder, "cdktf.out"))).toBe(false);
});

test("a job that is no file in jobs/ is one fault that names the scripts, not a stack trace", () => {
  const { status, stderr } = run({ dev: 'spark_job_name = "nope.py"\n' });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe(
    'env/dev.tfvars:1: spark_job_name: no nope.py in jobs/; there is: etl.py. Set spark_job_name = "etl.py"',
  );
});

test("a project without env/ is told so", () => {
  const { status, stderr } = run({});
  expect(status).toBe(1);
  expect(stderr.trim()).toBe("env: no such folder; expected one *.tfvars file an environment");
});

test("an error of the program itself is told with the line of the source that it came from", () => {
  const { status, stderr } = run({ dev: "" }, { CDKTF_OUTDIR: join(ROOT, "package.json") });
  expect(status).toBe(1);
  const [, line] = /main\.ts:(\d+):\d+/.exec(stderr) ?? [];
  const source = readFileSync(join(ROOT, "main.ts"), "utf8").split("\n");
  expect(source[Number(line) - 1]).toContain("new App(");
});
