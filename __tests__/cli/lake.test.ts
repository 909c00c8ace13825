import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, test } from "vitest";

const LAKE = fileURLToPath(new URL("../../src/cli/lake.mjs", import.meta.url));

/** Runs the command as a user does, from a folder outside the project. */
function lake(...args: string[]) {
  return execa(process.execPath, [LAKE, ...args], {
    cwd: tmpdir(),
    reject: false,
    env: { NO_COLOR: "1", FORCE_COLOR: undefined },
  });
}

describe("the command line", () => {
  test("helps on stdout, for every command that it names", async () => {
    const { stdout, stderr, exitCode } = await lake("--help");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    const commands = [...stdout.matchAll(/^ {2}(\w+) .*/gm)].map((match) => match[1] ?? "");
    expect(commands).toEqual(
      expect.arrayContaining([
        "start",
        "check",
        "doctor",
        "run",
        "query",
        "status",
        "redrive",
        "plan",
        "deploy",
        "destroy",
        "local",
      ]),
    );
    const helps = await Promise.all(
      ["start", "check", "doctor", "run", "query", "status", "redrive", "plan", "local"].map(
        (command) => lake(command, "--help"),
      ),
    );
    for (const help of helps) {
      expect(help.exitCode).toBe(0);
      expect(help.stdout).toMatch(/^Usage: lake \w+/);
    }
  });

  test("is an error on stderr when it is empty", async () => {
    const { stdout, stderr, exitCode } = await lake();
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
    expect(stderr).toContain("Usage: lake");
  });

  test.each([
    [["strat"], "unknown command 'strat'\n(Did you mean start?)"],
    [["local", "stauts"], "unknown command 'stauts'\n(Did you mean status?)"],
    [["query", "local"], "missing required argument 'SQL'"],
    [["query", "local", "SELECT 1", "--fromat", "csv"], "Did you mean --format?"],
    [["query", "local", "SELECT 1", "--format", "xml"], "Allowed choices are table, csv, json"],
    [["run", "local", "a.json"], "required option '-s, --source <SOURCE>' not specified"],
    [["local", "up", "--port", "http"], "A port is a number from 1 to 65535"],
    [["plan", "prud"], 'There is no environment "prud". Did you mean prod?'],
    [["query", "nowhere", "SELECT 1"], "There are: dev, local, prod, staging (env/*.tfvars)"],
    [["run", "local", "-s", "flihgts", "/none.json"], "Did you mean flights?"],
    [["run", "local", "-s", "flights"], "missing FILE to upload, or --from and --to"],
    [["run", "local", "-s", "flights", "--from", "2025-01-01"], "--from and --to go together"],
    [
      ["run", "local", "-s", "flights", "--from", "2025-01-01", "--to", "2025-01-02", "a.json"],
      "--from and --to ingest what lies in raw/",
    ],
    [["run", "local", "-s", "flights", "--restart", "a.json"], "--from is missing: --from and"],
    [
      ["run", "local", "-s", "flihgts", "--to", "2025-02-30", "--batch-days", "0", "a.json"],
      [
        'Nothing was started:\n  source "flihgts" is not in env/local.tfvars. Did you mean flights?',
        "  --from is missing: --from and --to go together",
        '  --to "2025-02-30" is no day of the calendar. Give one such as 2025-10-09',
        '  --batch-days "0" is no whole number from 1 to 31',
        "  a.json: --from and --to ingest what lies in raw/",
      ],
    ],
    [
      ["run", "local", "-s", "flights", "--from", "2025-01-02", "--to", "2025-01-01"],
      "--from 2025-01-02 is after --to 2025-01-01. Swap them",
    ],
    [["status", "lcoal"], 'There is no environment "lcoal". Did you mean local?'],
    [["status", "local", "--runs", "0"], "Give a whole number from 1 to 200"],
    [["status", "local", "--runs", "1e2"], "Give a whole number from 1 to 200"],
    [["status"], "missing required argument 'ENV'"],
    [["redrive", "lcoal"], 'There is no environment "lcoal". Did you mean local?'],
  ])("%j is refused with a hint, no stack, and exit code 1", async (args, hint) => {
    const { stdout, stderr, exitCode } = await lake(...args);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
    for (const one of [hint].flat()) expect(stderr).toContain(one);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
