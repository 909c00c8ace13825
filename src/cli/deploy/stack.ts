/** One environment's lake before Terraform: synthesized and planned by cdktf, applied as planned. */
import { join } from "node:path";
import { execa, type Options } from "execa";
import { overlay } from "../../local/aws-environment";
import { cdktfProgram } from "../../local/cdktf";
import { Failure, lastLines } from "../../local/failure";
import { type MachinePaths, machinePaths } from "../../local/paths";
import { providerSource } from "../../local/provider-mirror";
import type { Scope } from "../../local/scope";
import { errorBlocks } from "../../local/terraform-progress";
import { missingText } from "../../local/toolchain";
import { findTerraform, type Terraform } from "../../local/tools/terraform";
import type { Target } from "../target";
import { hasColors } from "../terminal";
import { lockHolder, lockWords } from "./lock";
import type { Plan } from "./plan";

/** File that `cdktf plan` leaves in the stack's folder. */
const PLAN_FILE = "plan";

/** Ends of a program: what it said, on both streams, and its exit code. */
interface Ended {
  readonly code: number;
  readonly output: string;
}

export class LakeStack {
  readonly name: string;
  /** Where Terraform finds the stack, from the working directory's root. */
  readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;

  private constructor(
    target: Target,
    private readonly terraform: Terraform,
    private readonly paths: MachinePaths,
    private readonly scope: Scope,
  ) {
    this.name = `data-lake-${target.environment.name}`;
    this.folder = join("cdktf.out", "stacks", this.name);
    this.env = overlay(target.env, {
      ...providerSource(terraform, process.env, paths).env,
      TERRAFORM_BINARY_NAME: terraform.path,
      TF_IN_AUTOMATION: "true",
      NO_COLOR: "1",
    });
  }

  /** @throws Failure when there is no Terraform */
  static async of(target: Target, scope: Scope): Promise<LakeStack> {
    const found = await findTerraform(process.env);
    if (!found.ok) throw new Failure(missingText([found.problem]));
    return new LakeStack(target, found.tool, machinePaths(), scope);
  }

  /** Writes every environment's JSON; this one's with the variables that were given. */
  async synth(): Promise<void> {
    const { code, output } = await this.cdktf(["synth"]);
    if (code !== 0) throw this.failure("cdktf synth", output);
  }

  /** Plans what deploying would change, with options of `cdktf plan`. */
  async plan(options: readonly string[]): Promise<Plan> {
    const { code, output } = await this.cdktf(["plan", this.name, "--skip-synth", ...options]);
    if (code !== 0) throw this.failure("cdktf plan", output);
    return this.readPlan();
  }

  /** Plans what destroying would take away. */
  async planDestroy(): Promise<Plan> {
    for (const args of [["init"], ["plan", "-destroy", `-out=${PLAN_FILE}`]]) {
      const { code, output } = await this.run([...args, "-input=false", "-no-color"]);
      if (code !== 0) throw this.failure(`terraform ${args[0]}`, output);
    }
    return this.readPlan();
  }

  /** Prints the plan on stdout in Terraform's own words. */
  async show(): Promise<void> {
    const colors = hasColors(process.stdout, process.env) ? [] : ["-no-color"];
    await this.run(["show", ...colors, PLAN_FILE], { stdout: "inherit" });
  }

  /**
   * Applies the plan as it was judged; Terraform refuses where the state has changed since. An
   * interruption lets it end what it is at, so that the state is whole and the lock released.
   */
  async apply(): Promise<void> {
    const colors = hasColors(process.stdout, process.env) ? [] : ["-no-color"];
    const { code, output } = await this.run(["apply", "-input=false", ...colors, PLAN_FILE], {
      stdout: "inherit",
      // The terminal's Ctrl-C would reach it beside the one that it is sent.
      detached: true,
    });
    if (code === 0) return;
    if (output.includes("Saved plan is stale"))
      throw new Failure(
        `Someone else has changed the state of ${this.name} since the plan was made. Nothing was changed. Run this again.`,
      );
    throw this.failure("terraform apply", output);
  }

  /** Destroys the stack, with options of `cdktf destroy`. */
  async destroy(options: readonly string[]): Promise<void> {
    const args = ["destroy", this.name, "--skip-synth", "--auto-approve", ...options];
    const { code } = await this.cdktf(args, {
      stdout: "inherit",
      stderr: "inherit",
      detached: true,
    });
    if (code !== 0)
      throw new Failure(`${this.name} is not wholly destroyed; run this again when it is mended.`);
  }

  /** Writes the stack's outputs, with options of `cdktf output`. */
  async writeOutputs(options: readonly string[]): Promise<void> {
    const { code, output } = await this.cdktf(["output", this.name, "--skip-synth", ...options]);
    if (code !== 0) throw this.failure("cdktf output", output);
  }

  private cdktf(args: readonly string[], options: Options = {}): Promise<Ended> {
    const cwd = this.paths.root;
    return this.start(process.execPath, [cdktfProgram(), ...args], { cwd, ...options });
  }

  private async readPlan(): Promise<Plan> {
    const { stdout, stderr, exitCode } = await execa(
      this.terraform.path,
      ["show", "-json", PLAN_FILE],
      { cwd: join(this.paths.root, this.folder), env: this.env, extendEnv: false, reject: false },
    );
    if (exitCode !== 0) throw this.failure("terraform show", stderr);
    return JSON.parse(stdout) as Plan;
  }

  private run(args: readonly string[], options: Options = {}): Promise<Ended> {
    const cwd = join(this.paths.root, this.folder);
    return this.start(this.terraform.path, args, { cwd, ...options });
  }

  private async start(file: string, args: readonly string[], options: Options): Promise<Ended> {
    const child = execa(file, args, {
      ...options,
      env: this.env,
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
      cleanup: false,
    });
    let ended = false;
    this.scope.defer(async () => {
      if (!ended) child.kill("SIGINT");
      await child;
    });
    const { exitCode, all } = await child;
    ended = true;
    return { code: exitCode ?? 1, output: String(all ?? "") };
  }

  private failure(what: string, output: string): Failure {
    const holder = lockHolder(output);
    if (holder) return new Failure(lockWords(this.name, holder, this.folder));
    const lines = output.split("\n");
    const cause = errorBlocks(lines, this.name) || lastLines(output, 12);
    return new Failure(`${what} of ${this.name} failed.`, { cause });
  }
}
