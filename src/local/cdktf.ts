/** The stock cdktf CLI, run for the user, with its progress and its errors made readable. */
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { Failure, lastLines } from "./failure";
import { advance, errorBlocks, NO_PROGRESS, type TerraformProgress } from "./terraform-progress";
import { startTethered } from "./tethered";

/** Where and how cdktf runs. */
export interface CdktfContext {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Output folder of the synthesis. */
  readonly output: string;
  /** Folder for the logs, one file a command. */
  readonly logs: string;
  /** Has what was started ended when the command is interrupted. */
  readonly defer: (closer: () => Promise<void>) => void;
}

/** The program behind `npx cdktf`, run by this very Node.js. */
export function cdktfProgram(): string {
  const require = createRequire(import.meta.url);
  return join(require.resolve("cdktf-cli/package.json"), "..", "bundle", "bin", "cdktf");
}

/** Synthesizes every stack into the output folder. */
export async function synth(context: CdktfContext): Promise<void> {
  await cdktf(context, ["synth"], "synth", () => {});
}

/**
 * Deploys one stack that has been synthesized; resolves with the number of resources made.
 * @throws Failure with Terraform's error blocks
 */
export async function deploy(
  context: CdktfContext,
  stack: string,
  tell: (progress: TerraformProgress) => void,
): Promise<number> {
  let progress = NO_PROGRESS;
  tell(progress);
  // The lock would name the provider's checksums for a folder that ends with this command; to make
  // it cdktf has Terraform hash, or download, the provider once more.
  const options = ["--auto-approve", "--skip-synth", "--skip-provider-lock"];
  await cdktf(context, ["deploy", stack, ...options], stack, (line) => {
    const next = advance(progress, line);
    if (next !== progress) tell(next);
    progress = next;
  });
  return progress.done;
}

async function cdktf(
  context: CdktfContext,
  args: readonly string[],
  name: string,
  onLine: (line: string) => void,
): Promise<void> {
  const log = join(context.logs, `${name}.log`);
  const lines: string[] = [];
  const child = startTethered(
    process.execPath,
    [cdktfProgram(), ...args, "--output", relative(context.root, context.output)],
    {
      cwd: context.root,
      env: context.env,
      log,
      onLine: (line) => {
        lines.push(line);
        onLine(line);
      },
    },
  );
  context.defer(() => child.stop());
  const code = await child.exited;
  if (code === 0) return;
  const cause = errorBlocks(lines, name) || lastLines(lines.join("\n"), 12);
  throw new Failure(`cdktf ${args.slice(0, 2).join(" ")} failed.`, { cause, log });
}
