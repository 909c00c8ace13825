/** Steps that do as they are told by lines on stdin: `<step> <what> <JSON>`; for tests in a terminal. */
import { createInterface } from "node:readline";
import { report } from "../../../src/cli/problems";
import { runSteps, type Step, type StepReport } from "../../../src/cli/steps";
import { say } from "../../../src/cli/terminal";
import { Failure } from "../../../src/local/failure";
import { withScope } from "../../../src/local/scope";

if (process.stdin.isTTY) process.stdin.setRawMode(true);
say(`pid ${process.pid}`);
const lines = createInterface({ input: process.stdin });
type Listener = (what: string, value: never) => void;
const listeners = new Map<string, Listener>();
/** For steps that have not begun. */
const early: { name: string; what: string; value: never }[] = [];
lines.on("line", (line) => {
  const [, name = "", what = "", json = ""] = /^(\w+) (\w+) ?(.*)$/.exec(line) ?? [];
  const value = JSON.parse(json || "null") as never;
  const listener = listeners.get(name);
  if (what === "say") say(value);
  else if (listener) listener(what, value);
  else early.push({ name, what, value });
});

function told(title: string): Step {
  return {
    title,
    run: (step: StepReport) =>
      new Promise<void>((resolve, reject) => {
        const listener: Listener = (what, value) => {
          if (what === "done") resolve();
          else if (what === "fail") reject(new Failure(value));
          else if (what === "list") step.list?.(value);
          else step[what as "now" | "note" | "result"](value);
        };
        listeners.set(title, listener);
        for (const { name, what, value } of early) if (name === title) listener(what, value);
      }),
  };
}

try {
  await withScope((scope) => runSteps([told("One"), [told("Two"), told("Three")]], scope));
} catch (error) {
  report(error);
  process.exitCode = 1;
}
lines.close();
