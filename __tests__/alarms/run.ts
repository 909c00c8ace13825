/**
 * `npm run alarms`: a lake on a local AWS of its own, in which each alarm is made to fire and to
 * recover; exit 1 where one does not, or has nothing that drives it. The table goes to stdout.
 */
import { withScope } from "../../src/local/scope";
import { drive } from "./drive";
import { deployWatchedLake, SOURCE } from "./lake";
import { report } from "./report";

// The SDK tells at every start which Node.js it will need next year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const began = Date.now();
const say = (line: string) =>
  console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${line}`);

say("deploying a lake to a local AWS of its own");
try {
  await withScope(async (scope) => {
    const deploying = deployWatchedLake();
    // What fails to deploy has closed itself.
    scope.defer(async () => (await deploying.catch(() => undefined))?.close());
    const outcome = await drive(await deploying, SOURCE, say);
    console.log(report(outcome));
    process.exitCode = outcome.faults.length === 0 ? 0 : 1;
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
say("done");
