/** The project's own environments, each synthesized once for a file of tests. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Environment, readEnvironments } from "../../src/config/environment";
import { type Variables, variablesSchema } from "../../src/config/schema";
import { DataLakeStack } from "../../stacks/data-lake-stack";
import { StateStack } from "../../stacks/state-stack";
import { type Synthesized, synthStack } from "./synth";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** One environment with both of its stacks. */
export interface Lake {
  readonly name: string;
  readonly variables: Variables;
  readonly lake: Synthesized;
  readonly state: Synthesized;
}

let cached: Promise<Record<string, Lake>> | undefined;

/** Every environment of env/, by name. They are read only: files that share a worker share them. */
export function environments(): Promise<Record<string, Lake>> {
  cached ??= readEnvironments(join(ROOT, "env")).then((all) =>
    Object.fromEntries(all.environments.map((one) => [one.name, synthEnvironment(one)])),
  );
  return cached;
}

/** An environment that no file describes: defaults, and what the test says. */
export function lakeWith(values: Record<string, unknown>, name = "test"): Lake {
  return synthEnvironment({ name, variables: variablesSchema.parse(values) });
}

function synthEnvironment(environment: Environment): Lake {
  // What is uploaded has tests of its own; here its place is enough.
  const folder = mkdtempSync(join(tmpdir(), "lake-code-"));
  const file = (name: string) => {
    writeFileSync(join(folder, name), name);
    return join(folder, name);
  };
  const code = {
    trigger: file("trigger.zip"),
    validate: file("validate.zip"),
    metrics: file("metrics.zip"),
    jobPackages: file("lake.zip"),
    jobScript: file("etl.py"),
  };
  const { name } = environment;
  try {
    const lake = synthStack(
      (app) => new DataLakeStack(app, `data-lake-${name}`, environment, code),
    );
    let state: Synthesized | undefined;
    return {
      ...environment,
      lake,
      get state() {
        state ??= synthStack((app) => new StateStack(app, `state-${name}`, environment));
        return state;
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
