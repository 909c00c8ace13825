/** One environment's lake before Terraform: synthesized and planned by cdktf, applied as planned. */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { overlay } from "../../local/aws-environment";
import { cdktfProgram } from "../../local/cdktf";
import { Failure, lastLines } from "../../local/failure";
import { lockFile } from "../../local/lock-file";
import { KEEP_LOGS_MS, type MachinePaths, machinePaths } from "../../local/paths";
import { providerSource } from "../../local/provider-mirror";
import type { Scope } from "../../local/scope";
import { errorBlocks } from "../../local/terraform-progress";
import { missingText } from "../../local/toolchain";
import { findTerraform, type Terraform } from "../../local/tools/terraform";
import { runSteps, type StepReport } from "../steps";
import type { Target } from "../target";
import { hasColors, plural, print, say } from "../terminal";
import { type Ended, runToEnd } from "./child";
import type { Handed } from "./options";
import type { Plan } from "./plan";
import { knownTrouble } from "./trouble";

/** File that `cdktf plan` leaves in the stack's folder. */
const PLAN_FILE = "plan";
export class LakeStack {
  readonly name: string;
  /** Where Terraform finds the stack, from the project's folder. */
  readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly log: string;
  private keepLog = false;
  /** This very plan: another lake that plans here must not put its own in its place. */
  private readonly planFile = `${PLAN_FILE}.${process.pid}`;

  private constructor(
    private readonly target: Target,
    private readonly terraform: Terraform,
    private readonly paths: MachinePaths,
    private readonly scope: Scope,
    private readonly handed: Handed,
  ) {
    this.name = `data-lake-${target.environment.name}`;
    this.folder = join("cdktf.out", "stacks", this.name);
    this.env = overlay(target.env, {
      ...providerSource(terraform, process.env, paths).env,
      TERRAFORM_BINARY_NAME: terraform.path,
      TF_IN_AUTOMATION: "true",
      NO_COLOR: "1",
    });
    const logs = join(paths.state, "deploy");
    removeOldLogs(logs);
    this.log = join(logs, `${this.name}.${process.pid}.log`);
    scope.defer(() => {
      if (!this.keepLog) rmSync(this.log, { force: true });
    });
  }

  /** @throws Failure when there is no Terraform */
  static async of(target: Target, scope: Scope, handed: Handed): Promise<LakeStack> {
    const found = await findTerraform(process.env);
    if (!found.ok) throw new Failure(missingText([found.problem]));
    return new LakeStack(target, found.tool, machinePaths(), scope, handed);
  }

  /** Synthesizes every environment, this one with the variables that were given, and plans it. */
  async plan(what: "deploy" | "destroy" = "deploy"): Promise<Plan> {
    let planned: Plan | undefined;
    const release = await this.lockFolder();
    try {
      await runSteps(
        [
          { title: "Synthesize the stacks", run: () => this.cdktf(["synth"]) },
          {
            title: what === "deploy" ? `Plan ${this.name}` : `Plan the end of ${this.name}`,
            run: async (step) => {
              await this.makePlan(what, step);
              planned = await this.readPlan();
            },
          },
        ],
        this.scope,
      );
    } finally {
      await release();
    }
    if (!planned) throw new Error("nothing was planned");
    return planned;
  }

  /** Prints the plan on stdout in Terraform's own words. */
  async show(): Promise<void> {
    const { code, output } = await this.run(["show", ...this.colors(), this.planFile], print);
    if (code !== 0) throw this.failure("terraform show", output);
  }

  /**
   * Applies the plan as it was judged; Terraform refuses where the state has changed since. An
   * interruption lets it end what it is at, so that the state is whole and the lock released.
   */
  async apply(): Promise<void> {
    // A reader that has seen enough (`lake deploy … | head`) must not end a deploy half way.
    process.stdout.removeAllListeners("error").on("error", () => {});
    const args = ["apply", "-input=false", ...this.handed.apply, ...this.colors(), this.planFile];
    const { code, output } = await this.run(args, print, () =>
      say("Terraform ends what it is at and saves the state. Run this again to go on."),
    );
    if (code !== 0) throw this.failure("terraform apply", output);
  }

  /** Writes the stack's outputs where `--outputs-file` says. */
  async writeOutputs(): Promise<void> {
    if (this.handed.output.length > 0)
      await this.cdktf(["output", this.name, "--skip-synth", ...this.handed.output]);
  }

  private async makePlan(what: "deploy" | "destroy", step: StepReport): Promise<void> {
    let refreshed = 0;
    // cdktf has no option for it, and this way the rest is as for any plan.
    const destroy = { TF_CLI_ARGS_plan: `${this.env.TF_CLI_ARGS_plan ?? ""} -destroy`.trim() };
    await this.cdktf(["plan", this.name, "--skip-synth", ...this.handed.plan], {
      env: what === "destroy" ? destroy : {},
      onLine: (line) => {
        if (!line.includes("Refreshing state...")) return;
        refreshed += 1;
        step.now(`${plural(refreshed, "resource")} looked at`);
      },
    });
    const folder = join(this.paths.root, this.folder);
    renameSync(join(folder, PLAN_FILE), join(folder, this.planFile));
    // It holds values that the state holds: nothing to leave about.
    this.scope.defer(() => rmSync(join(folder, this.planFile), { force: true }));
  }

  /** Runs cdktf in the project. @throws Failure where it fails */
  private async cdktf(
    args: readonly string[],
    more: { readonly env?: NodeJS.ProcessEnv; readonly onLine?: (line: string) => void } = {},
  ): Promise<void> {
    const { code, output } = await runToEnd(
      process.execPath,
      [cdktfProgram(), ...args],
      {
        cwd: this.paths.root,
        env: overlay(this.env, more.env ?? {}),
        log: this.log,
        onLine: more.onLine,
      },
      this.scope,
    );
    if (code !== 0) throw this.failure(`cdktf ${args[0]}`, output);
  }

  private async readPlan(): Promise<Plan> {
    const { stdout, stderr, exitCode } = await execa(
      this.terraform.path,
      ["show", "-json", this.planFile],
      { cwd: join(this.paths.root, this.folder), env: this.env, extendEnv: false, reject: false },
    );
    if (exitCode !== 0) throw this.failure("terraform show", stderr);
    return JSON.parse(stdout) as Plan;
  }

  private run(
    args: readonly string[],
    onLine: (line: string) => void,
    onInterrupt?: () => void,
  ): Promise<Ended> {
    const cwd = join(this.paths.root, this.folder);
    const options = { cwd, env: this.env, log: this.log, onLine, onInterrupt };
    return runToEnd(this.terraform.path, args, options, this.scope);
  }

  /** Two that synthesize and plan here at once would plan each other's variables. */
  private async lockFolder(): Promise<() => Promise<void>> {
    mkdirSync(this.paths.state, { recursive: true });
    return lockFile(
      join(this.paths.root, "cdktf.out"),
      join(this.paths.state, "cdktf.out.lock"),
      () => say("Another lake synthesizes in this folder; waiting for it."),
    );
  }

  private colors(): string[] {
    const wanted = hasColors(process.stdout, process.env) && !this.handed.noColor;
    return wanted ? [] : ["-no-color"];
  }

  private failure(what: string, output: string): Failure {
    const { name: environment } = this.target.environment;
    const place = { environment, stack: this.name, folder: this.folder };
    const known = knownTrouble(output, place);
    if (known !== undefined) return new Failure(known);
    this.keepLog = true;
    const cause = errorBlocks(output.split("\n"), this.name) || lastLines(output, 12);
    return new Failure(`${what} of ${this.name} failed.`, { cause, log: this.log });
  }
}

function removeOldLogs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > KEEP_LOGS_MS) rmSync(file, { force: true });
  }
}
