/**
 * `npm run bench:plan`: the first plan of the `local` lake by `cdktf plan`, against `terraform plan`
 * of hand-written HCL, both on one local AWS where nothing is deployed, in turn, in one run. The HCL
 * is the prototype that lay beside the project before there was any: without it nothing is measured.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { readEnvironment } from "../../src/config/environment";
import { namingOf } from "../../src/config/naming-of";
import { ROOT } from "../../src/local/paths";
import { physicalNames } from "../../src/naming";
import { clientSettings } from "../e2e/support/aws-client";
import { createProject, type Project } from "../e2e/support/deployed-lake";
import { runProgram } from "../e2e/support/run-program";
import { type Extent, quotients, type Ratio, runAlone, spread } from "./ratio";

const ROUNDS = 5;
const STACK = "data-lake-local";
/** Beside the clone. */
const PROTOTYPE = join(ROOT, "..", "shared", "prototype", "terraform");
/** The bucket that the prototype's backend names. */
const PROTOTYPE_BUCKET = "lake-tfstate";

/** One plan. */
interface Planned {
  readonly seconds: number;
  readonly resources: number;
}

export async function benchPlan({ smallest }: Extent): Promise<Ratio[]> {
  if (!existsSync(PROTOTYPE)) {
    console.log(`not measured: there is no hand-written HCL in ${PROTOTYPE}`);
    return [];
  }
  const tfvars = readFileSync(join(ROOT, "env", "local.tfvars"), "utf8");
  const project = await createProject({ "local.tfvars": tfvars });
  try {
    return await compare(project, smallest ? 1 : ROUNDS);
  } finally {
    await project.close();
  }
}

/** After one plan of each, which has Terraform look for its provider. */
async function compare(project: Project, rounds: number): Promise<Ratio[]> {
  const hcl = prototypeIn(project.folder);
  const environment = await readEnvironment(join(project.folder, "env"), "local");
  await createBuckets(project, physicalNames(namingOf(environment)).bucket.state, PROTOTYPE_BUCKET);
  const terraform = (cwd: string, ...args: string[]) =>
    run(project, project.terraform, args, cwd).then(({ output }) => output);
  await terraform(hcl, "init", "-input=false");

  const plans = {
    cdktf: () => timed(() => project.cdktf("plan", STACK)),
    ours: () => timed(() => terraform(join(project.folder, "cdktf.out", "stacks", STACK), "plan")),
    hcl: () => timed(() => terraform(hcl, "plan", "-input=false")),
  };
  const planned: Record<keyof typeof plans, Planned[]> = { cdktf: [], ours: [], hcl: [] };
  for (let round = 0; round <= rounds; round += 1)
    for (const kind of ["cdktf", "ours", "hcl"] as const) {
      const plan = await plans[kind]();
      if (round > 0) planned[kind].push(plan);
    }
  const each = (kind: keyof typeof plans) =>
    planned[kind].map(({ seconds, resources }) => (seconds / resources) * 1000);
  const titles = {
    cdktf: "cdktf plan of ours",
    ours: "terraform plan of what it synthesized",
    hcl: "terraform plan of the hand-written HCL",
  };
  console.log(`a first plan on the local AWS, rounds: ${rounds}, median (least to most)`);
  for (const kind of ["cdktf", "ours", "hcl"] as const) {
    const seconds = spread(
      planned[kind].map((one) => one.seconds),
      "s",
    );
    const count = planned[kind][0]?.resources;
    console.log(
      `  ${titles[kind]}: ${count} resources, ${seconds}, ${spread(each(kind), "ms")} each`,
    );
  }
  // No goal was given: twice is room for the synthesis and the init that each cdktf plan begins with.
  return [
    {
      what: "cdktf plan ÷ terraform plan of hand-written HCL, per resource",
      rounds: quotients(each("cdktf"), each("hcl")),
      goal: { atMost: 2 },
    },
    {
      what: "terraform plan of what is synthesized ÷ of hand-written HCL, per resource",
      rounds: quotients(each("ours"), each("hcl")),
      goal: { atMost: 1.2 },
    },
  ];
}

/** With the two files that its resources upload and that are not kept: a plan reads but their hash. */
function prototypeIn(folder: string): string {
  const hcl = join(folder, "prototype", "terraform");
  cpSync(PROTOTYPE, hcl, { recursive: true });
  for (const [name, file] of [
    ["lambda", "fn.zip"],
    ["etl", "job.py"],
  ] as const) {
    mkdirSync(join(hcl, "..", name));
    writeFileSync(join(hcl, "..", name, file), "");
  }
  return hcl;
}

async function timed(plan: () => Promise<string>): Promise<Planned> {
  const began = performance.now();
  const output = await plan();
  return { seconds: (performance.now() - began) / 1000, resources: resourcesIn(output) };
}

/**
 * Resources that a plan would make.
 * @throws Error where it would also change some, or says nothing
 */
export function resourcesIn(output: string): number {
  const [, count] =
    /Plan: (\d+) to add, 0 to change, 0 to destroy/.exec(stripVTControlCharacters(output)) ?? [];
  if (count === undefined) throw new Error(`no plan that adds alone:\n${output.slice(-2000)}`);
  return Number(count);
}

async function run(project: Project, program: string, args: readonly string[], cwd: string) {
  const ended = await runProgram(program, args, { cwd, env: project.env });
  if (ended.exitCode !== 0) throw new Error(`${program} ${args.join(" ")}:\n${ended.output}`);
  return ended;
}

/** Where the two backends keep their states. */
async function createBuckets({ endpoint }: Project, ...names: string[]): Promise<void> {
  const s3 = new S3Client(clientSettings(endpoint));
  for (const Bucket of names) await s3.send(new CreateBucketCommand({ Bucket }));
  s3.destroy();
}

await runAlone(import.meta.url, benchPlan);
