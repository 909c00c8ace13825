/**
 * `npm run bench:start`: seconds from `npm start` to the first row, by step, state and resource. The
 * measure beside it is the provider's own: it waits 55 s for the lifecycle of a bucket, whatever AWS
 * answers, and no configuration makes that less.
 */
import { isConfirmed } from "../../src/local/terraform-progress";
import { type Cells, type Extent, quotients, type Ratio, runAlone, spread, tableOf } from "./ratio";
import { criticalPath, longest, type Span, seconds } from "./start-profile";
import { runStart, type StartRun } from "./start-run";

const ROUNDS = 3;
const LONGEST = 10;
const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.";

/** `--smallest` measures nothing here: it takes over a minute, and CI's end-to-end tests run it. */
export async function benchStart({ smallest }: Extent): Promise<Ratio[]> {
  if (smallest) {
    console.log("npm start takes more than a minute; CI runs it by itself");
    return [];
  }
  const runs: StartRun[] = [];
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await runStart());
  console.log(`npm start, ${ROUNDS} rounds, seconds: median (least to most)\n${steps(runs)}`);
  const last = runs.at(-1);
  if (last) console.log(`\nThe lake's resources in the last round\n${resources(last)}`);
  const wait = runs.map(({ spans }) =>
    Math.max(
      ...spans
        .filter(({ address }) => address.startsWith(LIFECYCLE))
        .map(({ beganMs, endedMs }) => (endedMs - beganMs) / 1000),
    ),
  );
  return [
    {
      what: "npm start to the first row ÷ the provider's wait for one bucket's lifecycle",
      rounds: quotients(
        runs.map(({ firstRow }) => firstRow),
        wait,
      ),
      goal: { atMost: 1.5 },
    },
    {
      what: "npm start as a whole ÷ the provider's wait for one bucket's lifecycle",
      rounds: quotients(
        runs.map(({ total }) => total),
        wait,
      ),
      goal: { atMost: 1.5 },
    },
  ];
}

function steps(runs: readonly StartRun[]): string {
  const rows: Cells[] = [];
  const row = (title: string, of: (run: StartRun) => number | undefined) =>
    rows.push([
      title,
      spread(
        runs.map((run) => of(run) ?? Number.NaN),
        "s",
      ),
    ]);
  const [first] = runs;
  for (const title of first?.steps.keys() ?? []) {
    row(title, (run) => run.steps.get(title));
    if (title === "Deploy data-lake-local") {
      row("  terraform init", ({ init }) => init);
      row("  plan", ({ plan }) => plan);
    }
    if (title === "Follow the pipeline")
      for (const state of first?.states.keys() ?? [])
        if ((first?.states.get(state) ?? 0) >= 0.1)
          row(`  ${state}`, (run) => run.states.get(state));
  }
  row("to the first row", ({ firstRow }) => firstRow);
  row("in all", ({ total }) => total);
  return tableOf(["step", "s"], rows);
}

function resources({ spans, dependencies }: StartRun): string {
  const slow = spanTable("the longest", longest(spans, LONGEST));
  const made = spans.filter(({ address }) => !isConfirmed(address));
  const use = spanTable("what its use waited for, in turn", criticalPath(made, dependencies));
  const end = spanTable("what its end waited for, in turn", criticalPath(spans, dependencies));
  return [slow, use, end].join("\n");
}

function spanTable(title: string, spans: readonly Span[]): string {
  const rows = spans.map((span) => [span.address, seconds(span)]);
  return tableOf([title, "s"], rows);
}

await runAlone(import.meta.url, benchStart);
