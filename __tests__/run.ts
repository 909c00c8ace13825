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
    vitest("unit"),
    pytest("job", "jobs/tests"),
    vitest("local"),
    pytest("local-aws", "__tests__/local/emulator"),
    vitest("e2e"),
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
    env: { JAVA_HOME: javaHome, PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    reject: false,
  });
  const counts = junitCounts(read(suite.report));
  const failed = exitCode === 0 ? counts.failed : Math.max(1, counts.failed);
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`── ${suite.name}: ${counts.passed} of ${counts.passed + failed} in ${seconds} s`);
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
