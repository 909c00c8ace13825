import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { machinePaths } from "../../src/local/paths";
import { isAlive, processTree, waitUntilGone } from "../../src/local/processes";

const LAKE = fileURLToPath(new URL("../../src/cli/lake.mjs", import.meta.url));
/** The step in which a local AWS, a tether, cdktf and its synthesis run. */
const UNDERWAY = "Synthesize the stacks ...";

/** Starts the lake and waits until it synthesizes; gives the processes that run then. */
async function startedLake() {
  const lake = execa(process.execPath, [LAKE, "start"], { reject: false, stdin: "ignore" });
  const pid = lake.pid ?? 0;
  onTestFinished(() => void lake.kill("SIGKILL"));
  const lines = createInterface({ input: lake.stderr });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      said.push(line);
      if (line === UNDERWAY) resolve();
    });
    void lake.then(() => reject(new Error(`it ended early:\n${said.join("\n")}`)));
  });
  return {
    lake,
    pid,
    pids: await processTree(pid),
    folder: join(machinePaths().state, `start-${pid}`),
  };
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends all that `lake start` started, with exit code 130 and no file left",
  async (signal) => {
    const { lake, pids, folder } = await startedLake();
    expect(pids.length).toBeGreaterThan(2);
    lake.kill(signal);
    const { exitCode, stdout } = await lake;
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: "" });
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  },
);

test("not even SIGKILL leaves a process behind", async () => {
  const { lake, pids } = await startedLake();
  lake.kill("SIGKILL");
  await lake;
  const gone = await Promise.all(pids.map((pid) => waitUntilGone(pid, 20_000)));
  expect(gone).toEqual(pids.map(() => true));
});
