// Starts a tethered command, passes its lines on and waits: the test kills it.
import { startTethered } from "../../../src/local/tethered";

const [command = "", log = ""] = process.argv.slice(2);
await startTethered(command, [], {
  cwd: process.cwd(),
  env: process.env,
  log,
  onLine: (line) => console.log(line),
}).exited;
