/**
 * `npm test`: every test of the project, in TypeScript and Python, and one line of counts at the
 * end. Nothing is skipped for want of a tool: what is missing is named, and the run fails.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Failure } from "../src/local/failure";
import { machinePaths, ROOT } from "../src/local/paths";
import { prepare, venvPython } from "../src/local/python-environment";
import { findToolchain } from "../src/local/toolchain";
import { type Counts, junitCounts, sum } from "./support/counts";

const paths = machinePaths(ROOT);
const reports = mkdtempSync(join(tmpdir(), "lake-test-"));

/** One test runner: its name, its command, and the JUnit report that it writes. */
interface Suite {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly report: string;
}

function vitest(project: string): Suite {
  const report = join(reports, `vitest-${project}.xml`);
  const reporters = ["--reporter=default", "--reporter=junit", `--outputFile.junit=${report}`];
  const vitestProgram = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  return {
    name: `vitest ${project}`,
    command: [process.execPath, vitestProgram, "run", "--project", project, ...reporters],
    report,
  };
}

function pytest(name: string, folder: string): Suite {
  const report = join(reports, `pytest-${name}.xml`);
  return {
    name: `pytest ${name}`,
    command: [venvPython(paths), "-m", "pytest", "-q", folder, `--junitxml=${report}`],
    report,
  };
}

/** Lint and format of the Python files; it writes no report and counts only where it fails. */
function ruff(...args: string[]): Suite {
  const command = [venvPython(paths), "-m", "ruff", ...args, "."] as const;
  return { name: `ruff ${args.join(" ")}`, command, report: "" };
}

async function main(): Promise<number> {
  const toolchain = await findToolchain(process.env);
  await prepare({
    paths,
    env: process.env,
    python: toolchain.python,
    java: toolchain.java,
    say: console.error,
    defer: () => {},
  });
  const suites = [
    ruff("check"),
    ruff("format", "--check"),
    vitest("unit"),
    pytest("job", "jobs/tests"),
    pytest("bench", "__tests__/bench"),
    vitest("local"),
    pytest("local-aws", "__tests__/local/emulator"),
    vitest("e2e"),
    vitest("recorded"),
  ];
  const results: Counts[] = [];
  for (const suite of suites) results.push(await run(suite, toolchain.java.home));
  const total = sum(results);
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** Runs one suite; a runner that ends badly without a failed test counts as one failure. */
async function run(suite: Suite, javaHome: string): Promise<Counts> {
  const began = Date.now();
  console.log(`\n── ${suite.name}`);
  const [program, ...args] = suite.command;
  const { exitCode } = await execa(program, args, {
    cwd: ROOT,
    env: {
      JAVA_HOME: javaHome,
      PYTHONDONTWRITEBYTECODE: "1",
      // Tests that deploy a lake keep there what its roles called, for the last suite to judge.
      LAKE_CALLS: join(reports, "calls"),
      // The SDK tells at every start which Node.js it will need next year.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    reject: false,
  });
  const counts = junitCounts(read(suite.report));
  const failed = exitCode === 0 ? counts.failed : Math.max(1, counts.failed);
  const seconds = Math.round((Date.now() - began) / 1000);
  const outcome =
    suite.report === "" ? `exit ${exitCode}` : `${counts.passed} of ${counts.passed + failed}`;
  console.log(`── ${suite.name}: ${outcome} in ${seconds} s`);
  return { ...counts, failed };
}

function read(report: string): string {
  try {
    return readFileSync(report, "utf8");
  } catch {
    return "";
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  console.log("\n0 passed, 1 failed");
  process.exitCode = 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}
