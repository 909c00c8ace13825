/** One `npm start`, watched: what it says and when, and what its Terraform says in its log. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { machinePaths, ROOT } from "../../src/local/paths";
import { type Dependencies, dependenciesOf, type Said, type Span, spansOf } from "./start-profile";

/** What one `npm start` took. */
export interface StartRun {
  /** Seconds by step, in the order of their ends. */
  readonly steps: ReadonlyMap<string, number>;
  /** Seconds by state of the run that `npm start` follows. */
  readonly states: ReadonlyMap<string, number>;
  /** Resources of the lake, in milliseconds since the start of `npm start`. */
  readonly spans: readonly Span[];
  readonly dependencies: Dependencies;
  /** Seconds from the lake's first word to Terraform's being set up, and from there to its plan. */
  readonly init: number;
  readonly plan: number;
  readonly firstRow: number;
  readonly total: number;
}

const STACK = "data-lake-local";
const BEGAN = /^(.+) \.\.\.$/;
const ENDED = /^(.+): done in /;
const STATE = /^Follow the pipeline: {3}(\w+) +([\d.]+) s$/;
/** Milliseconds between two looks at the log: how exact the times of resources are. */
const LOOK_MS = 50;

/** @throws Error with its last words where it fails, or prints no row */
export async function runStart(): Promise<StartRun> {
  const before = new Set(starts());
  const zero = performance.now();
  const child = execa("npm", ["--silent", "start"], {
    cwd: ROOT,
    reject: false,
    buffer: false,
    stdin: "ignore",
    forceKillAfterDelay: 20_000,
  });
  const log = new GrowingLog(zero);
  const look = setInterval(() => {
    const folder = starts().find((name) => !before.has(name));
    if (folder !== undefined) log.read(folder);
  }, LOOK_MS);
  try {
    const [out, said] = await Promise.all([lines(child.stdout, zero), lines(child.stderr, zero)]);
    const { exitCode } = await child;
    const total = (performance.now() - zero) / 1000;
    const firstRow = out.find(({ text }) => text !== "");
    if (exitCode !== 0 || firstRow === undefined)
      throw new Error(`npm start ended with ${exitCode}:\n${words(said.slice(-15))}`);
    return {
      steps: stepsOf(said),
      states: statesOf(said),
      ...log.measured(),
      firstRow: firstRow.atMs / 1000,
      total,
    };
  } finally {
    clearInterval(look);
    child.kill("SIGTERM");
  }
}

/** Seconds from `Title ...` to `Title: done in …`, as the lines came. */
export function stepsOf(said: readonly Said[]): Map<string, number> {
  const began = new Map<string, number>();
  const steps = new Map<string, number>();
  for (const { atMs, text } of said) {
    const start = BEGAN.exec(text)?.[1];
    if (start !== undefined && !began.has(start)) began.set(start, atMs);
    const title = ENDED.exec(text)?.[1];
    const from = title === undefined ? undefined : began.get(title);
    if (title !== undefined && from !== undefined) steps.set(title, (atMs - from) / 1000);
  }
  return steps;
}

/** Seconds by state, as `npm start` tells them; a state that comes again is told once. */
export function statesOf(said: readonly Said[]): Map<string, number> {
  const found = said.map(({ text }) => STATE.exec(text)).filter((match) => match !== null);
  return new Map(found.map(([, state = "", seconds]) => [state, Number(seconds)]));
}

/** The log of the lake's deploy while it is written: `npm start` removes it at its end. */
class GrowingLog {
  private taken = "";
  private readonly said: Said[] = [];
  private dependencies: Dependencies | undefined;

  constructor(private readonly zero: number) {}

  read(folder: string): void {
    const place = join(machinePaths().state, folder);
    try {
      const text = readFileSync(join(place, `${STACK}.log`), "utf8");
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      const atMs = performance.now() - this.zero;
      for (const line of whole.slice(this.taken.length).split("\n"))
        this.said.push({ atMs, text: stripVTControlCharacters(line) });
      this.taken = whole;
      this.dependencies ??= dependenciesOf(
        JSON.parse(readFileSync(join(place, "cdktf.out", "stacks", STACK, "cdk.tf.json"), "utf8")),
      );
    } catch (error) {
      // Not there yet, or gone again.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }

  measured(): Pick<StartRun, "spans" | "dependencies" | "init" | "plan"> {
    const at = (pattern: RegExp) =>
      (this.said.find(({ text }) => pattern.test(text))?.atMs ?? Number.NaN) / 1000;
    const ready = at(/has been successfully initialized/);
    return {
      spans: spansOf(this.said),
      dependencies: this.dependencies ?? new Map(),
      init: ready - at(/Initializing the backend/),
      plan: at(/Plan: \d+ to add/) - ready,
    };
  }
}

function starts(): string[] {
  const { state } = machinePaths();
  return existsSync(state) ? readdirSync(state).filter((name) => name.startsWith("start-")) : [];
}

async function lines(stream: Readable, zero: number): Promise<Said[]> {
  const said: Said[] = [];
  for await (const text of createInterface({ input: stream }))
    said.push({ atMs: performance.now() - zero, text });
  return said;
}

function words(said: readonly Said[]): string {
  return said.map(({ text }) => text).join("\n");
}
