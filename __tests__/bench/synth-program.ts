/** A program that synthesizes, as cdktf runs it or by itself, and what it took. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import { cdktfProgram } from "../../src/local/cdktf";
import { ROOT } from "../../src/local/paths";
import type { StackJson } from "./synth-stock-program";

/** Program and arguments that synthesize from `cwd` into `outdir`. */
export type Command = (cwd: string, outdir: string) => readonly string[];

/** `cdktf synth`, which reads the program from cdktf.json. */
export const CDKTF: Command = (cwd, out) => [
  process.execPath,
  cdktfProgram(),
  ...["synth", "--output", relative(cwd, out)],
];

/** The program by itself. */
export const ALONE: Command = () => [process.execPath, "--import", "tsx/esm", "main.ts"];

/** Seconds that the command takes. */
export async function secondsOf(command: Command, cwd: string, outdir: string): Promise<number> {
  mkdirSync(outdir, { recursive: true });
  const [program = "", ...args] = command(cwd, outdir);
  const began = performance.now();
  await execa(program, args, { cwd, env: { CDKTF_OUTDIR: outdir, CHECKPOINT_DISABLE: "1" } });
  return (performance.now() - began) / 1000;
}

/** What was synthesized into the folder, by stack. */
export function stacksIn(outdir: string): Record<string, StackJson> {
  const folder = join(outdir, "stacks");
  return Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      JSON.parse(readFileSync(join(folder, name, "cdk.tf.json"), "utf8")),
    ]),
  );
}

/** What one synthesis of the project's program took. */
export interface Cost {
  readonly seconds: number;
  /** Of the processor, threads and garbage collection included. */
  readonly cpuSeconds: number;
  /** The most memory that the process held. */
  readonly peakMb: number;
}

/** The project's own program over another `env/`: in `cwd`, into `cwd/cdktf.out`. */
export async function costIn(cwd: string): Promise<Cost> {
  const reported = join(cwd, "resource-usage.json");
  // Asked when all is done, of the process itself: there is no other that could know.
  const report = `import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(${JSON.stringify(reported)},JSON.stringify(process.resourceUsage())))`;
  const seconds = await secondsOf(
    () => [
      process.execPath,
      ...["--import", `data:text/javascript,${encodeURIComponent(report)}`],
      ...["--import", import.meta.resolve("tsx/esm"), join(ROOT, "main.ts")],
    ],
    cwd,
    join(cwd, "cdktf.out"),
  );
  const used = JSON.parse(readFileSync(reported, "utf8")) as NodeJS.ResourceUsage;
  return {
    seconds,
    cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1e6,
    peakMb: used.maxRSS / 1024,
  };
}
