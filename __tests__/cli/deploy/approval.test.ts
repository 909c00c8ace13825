import { execa } from "execa";
import { expect, test } from "vitest";
import { findPython } from "../../../src/local/tools/python";

const HERE = import.meta.url;
const href = (path: string) => JSON.stringify(new URL(`../../../src/${path}`, HERE).href);

/** Asks; a failure is printed as the command line prints it. */
const ASK = `
import { requireApproval } from ${href("cli/deploy/approval.ts")};
import { report } from ${href("cli/problems.ts")};
import { withScope } from ${href("local/scope.ts")};
try {
  await withScope((scope) => requireApproval("Apply this?", false, scope.signal));
  console.log("applied");
} catch (error) {
  report(error);
  process.exitCode = 1;
}`;

/** Runs a program in a terminal and types an answer as soon as it asks. */
const TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
said, answered = b"", False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    said += chunk
    if not answered and b"is accepted: " in said:
        os.write(terminal, bytes.fromhex(sys.argv[1]))
        answered = True
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;

async function asked(answer: string) {
  const python = await findPython(process.env);
  if (!python.ok) throw new Error("no Python");
  const typed = Buffer.from(answer).toString("hex");
  const node = [process.execPath, "--import", "tsx", "-e", ASK];
  const { exitCode, stdout } = await execa(python.tool.path, ["-c", TERMINAL, typed, ...node], {
    env: { NO_COLOR: "1", FORCE_COLOR: undefined },
    reject: false,
  });
  return { exitCode, said: stdout.replaceAll("\r", "") };
}

test("yes, and only that, is an approval", async () => {
  expect(await asked("yes\n")).toMatchObject({
    exitCode: 0,
    said: expect.stringMatching(/Apply this\?\nOnly 'yes' is accepted: .*\napplied$/s),
  });
});

test.each([
  ["another word", "y\n"],
  ["nothing", "\n"],
  ["the end of the input", "\x04"],
])("%s changes nothing", async (_, answer) => {
  const { exitCode, said } = await asked(answer);
  expect(exitCode).toBe(1);
  expect(said).toMatch(/error: Nothing was changed\.$/);
  expect(said).not.toMatch(/^\s+at /m);
});

test("Ctrl-C ends the question as it ends every command", async () => {
  const { exitCode, said } = await asked("\x03");
  expect(exitCode).toBe(130);
  expect(said).not.toContain("applied");
});
