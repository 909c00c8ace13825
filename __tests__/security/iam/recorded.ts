/**
 * The calls that the end-to-end tests made when they were last recorded: what is judged where
 * those tests have not run. To record them anew:
 *
 *     LAKE_CALLS=.lake/calls npx vitest run --project e2e
 *     npx tsx __tests__/security/iam/recorded.ts .lake/calls
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRecording } from "./recording";
import { type Recorded, readRecorded } from "./report";

const FILE = fileURLToPath(new URL("recorded-calls.json", import.meta.url));

/** The calls as they were last recorded. */
export function lastRecorded(): Recorded {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

/** The calls that a run of the tests has kept in a folder, one file for each lake. */
export function recordedIn(folder: string): Recorded {
  const all = existsSync(folder) ? readdirSync(folder) : [];
  const files = all.filter((name) => name.endsWith(".json"));
  if (files.length === 0)
    throw new Error(`${folder} has no recording: run the tests with LAKE_CALLS=${folder}`);
  return readRecorded(
    files.sort().map((name) => {
      const path = join(folder, name);
      return readRecording(JSON.parse(readFileSync(path, "utf8")), path);
    }),
  );
}

/** In an order of their own, so that a new recording changes what has changed. */
function sorted({ calls, ...rest }: Recorded): Recorded {
  const key = ({ role, action, resource, context }: Recorded["calls"][number]) =>
    [role, action, resource, JSON.stringify(context)].join(" ");
  return { ...rest, calls: calls.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  try {
    const recorded = sorted(recordedIn(folder ?? ".lake/calls"));
    writeFileSync(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
    console.log(`${FILE}: ${recorded.calls.length} kinds of ${recorded.distinct} calls`);
    for (const line of recorded.refused) console.log(`refused: ${line}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
