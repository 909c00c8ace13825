/** The programs of this machine that the project needs; all that is missing is said at once. */
import { Failure } from "./failure";
import { findJava, type Java } from "./tools/java";
import { findPython, type Python } from "./tools/python";
import { atLeast, type Found, type Problem } from "./tools/search";
import { findTerraform, type Terraform } from "./tools/terraform";

export type { Java, Problem, Python, Terraform };

/** What was found. */
export interface Toolchain {
  readonly terraform: Terraform;
  readonly java: Java;
  readonly python: Python;
  readonly node: { readonly path: string; readonly version: string };
}

/** The first release of Node.js 20 that is long-term supported; package.json says the same. */
const LEAST_NODE = "20.9.0";

/**
 * Finds Terraform, Java, Python and Node.js; `javaFolders` replaces the usual folders of Java.
 * @throws Failure that names every missing tool, what was found instead and how to get it
 */
export async function findToolchain(
  env: NodeJS.ProcessEnv,
  javaFolders?: readonly string[],
): Promise<Toolchain> {
  const [terraform, java, python] = await Promise.all([
    findTerraform(env),
    findJava(env, javaFolders),
    findPython(env),
  ]);
  const node = findNode(process.versions.node);
  if (terraform.ok && java.ok && python.ok && node.ok)
    return { terraform: terraform.tool, java: java.tool, python: python.tool, node: node.tool };
  const problems = [terraform, java, python, node].flatMap((one) => (one.ok ? [] : [one.problem]));
  throw new Failure(missingText(problems));
}

function findNode(version: string): Found<Toolchain["node"]> {
  if (atLeast(version, LEAST_NODE)) return { ok: true, tool: { path: process.execPath, version } };
  return {
    ok: false,
    problem: {
      wanted: "Node.js 20.9 or later",
      reason: "the commands and the Lambda functions run on it",
      found: [`${process.execPath} is ${version}`],
      remedy: ["https://nodejs.org/en/download", "with nvm: nvm install"],
    },
  };
}

/** The whole message for what is missing. */
export function missingText(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "one thing" : `${problems.length} things`;
  const blocks = problems.map(({ wanted, reason, found, remedy }) =>
    [
      `${wanted}`,
      `  why:    ${reason}`,
      ...found.map((line, index) => `${index === 0 ? "  found:  " : "          "}${line}`),
      ...remedy.map((line, index) => `${index === 0 ? "  to get: " : "          "}${line}`),
    ].join("\n"),
  );
  return `This machine lacks ${count}:\n\n${blocks.join("\n\n")}`;
}
