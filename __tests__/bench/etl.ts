/**
 * `npm run bench:etl`: the job against the PySpark script that anybody would write first, and
 * against DuckDB's COPY, on the same files and two cores, in turn; a row of figures for each, and
 * ratios of those that wrote the same rows. `--sizes 10,100` (MB of text), `--formats jsonl,csv`,
 * `--contenders later`, `--rounds N`, `--heap 3g` (else that of a default executor), `--smallest`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { variablesSchema } from "../../src/config/schema";
import { machinePaths, ROOT } from "../../src/local/paths";
import { type Scope, withScope } from "../../src/local/scope";
import { type Input, lastWords, type Measured, run, type SparkGround } from "./etl-contender";
import {
  type Case,
  CORES,
  type Contender,
  type Options,
  optionsOf,
  planOf,
  type Row,
  ratiosOf,
} from "./etl-plan";
import { headLine, rowLine, typeLines } from "./etl-report";
import { sparkOnThisMachine } from "./etl-settings";
import { groundIn } from "./python-ground";
import { type Extent, isProgram, type Ratio, ratioTable } from "./ratio";

const FLIGHTS = join(ROOT, "node_modules", "vega-datasets", "data", "flights-3m.parquet");
/** MB of the first run that makes a table where none is measured. */
const FIRST_MB = 10;
/** Of results that stand by themselves. */
const FIRST_DAY = "2025-01-09";
/** Seconds that one contender may take. */
const LIMIT_SECONDS = 600;

export function benchEtl({ smallest }: Extent): Promise<Ratio[]> {
  return withScope((scope) => measureAll({ smallest }, scope));
}

async function measureAll(options: Options, scope: Scope): Promise<Ratio[]> {
  const heap = options.heap ?? variablesSchema.parse({}).spark_executor_memory;
  const variables = variablesSchema.parse({ spark_executor_memory: heap });
  const ground: SparkGround = {
    ...(await groundIn(scope)),
    settings: sparkOnThisMachine(variables, machinePaths().jars),
  };
  console.log(`local[${CORES}], a heap of ${heap}; s: once Spark, or DuckDB, is up\n${headLine()}`);
  const plan = planOf(options);
  const rows: Row[] = [];
  for (const format of new Set(plan.map((one) => one.format))) {
    const table = new Table(ground, format, join(ground.folder, format));
    for (const one of plan.filter((other) => other.format === format))
      rows.push(...(await measureCase(ground, one, table)));
    rmSync(table.folder, { recursive: true, force: true });
  }
  return [...new Set(plan.map((one) => one.format))].flatMap((format) => ratiosOf(format, rows));
}

/** The rows of one case; its input and its results are gone afterwards, but for ours of the table. */
async function measureCase(ground: SparkGround, one: Case, table: Table): Promise<Row[]> {
  const { format, megabytes, contenders } = one;
  const folder = mkdtempSync(join(ground.folder, "case-"));
  try {
    const input = await makeInput(ground, format, megabytes, join(folder, "input"));
    if (typeof input === "string") {
      console.log(`${format} ${megabytes}: ${input}`);
      return [];
    }
    const rounds = Object.fromEntries(
      contenders.map((name): [string, (Measured | string)[]] => [name, []]),
    );
    for (let round = 0; round < one.rounds; round += 1)
      for (const name of contenders) {
        // What failed once would fail again, and may take minutes to.
        if (rounds[name]?.some((earlier) => typeof earlier === "string")) continue;
        const aside = join(folder, `${name}-${round}`);
        // The first of the first runs leaves its table for the later ones.
        const isTable = name === "later" || (name === "first" && !table.isStarted);
        const found = isTable
          ? await table.run(name, input)
          : await measureOne(ground, { name, input, out: aside, day: FIRST_DAY });
        rounds[name]?.push(found);
        const said = typeof found === "string" ? found : `${found.seconds.toFixed(1)} s`;
        console.error(`${format} ${megabytes} MB, round ${round + 1}, ${name}: ${said}`);
        rmSync(aside, { recursive: true, force: true });
      }
    const rows = contenders.map(
      (contender): Row => ({
        ...{ format, megabytes, contender, textBytes: input.text_bytes },
        rounds: rounds[contender] ?? [],
      }),
    );
    for (const row of rows) console.log(rowLine(row));
    const types = typeLines(rows);
    if (types.length > 0) console.log(`  types that differ:\n${types.join("\n")}`);
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The table that a later run finds: it has its columns from a first one, small or measured itself. */
class Table {
  #days = 0;
  #first: Promise<Measured | string> | undefined;

  constructor(
    private readonly ground: SparkGround,
    private readonly format: string,
    readonly folder: string,
  ) {}

  get isStarted(): boolean {
    return this.#first !== undefined;
  }

  /** The first run, or one into a day of its own of the table that a first run has made. */
  async run(name: Contender, input: Input): Promise<Measured | string> {
    if (name === "first") {
      this.#first = this.#into(name, input);
      return this.#first;
    }
    this.#first ??= this.#small();
    const first = await this.#first;
    return typeof first === "string"
      ? `no table of a first run: ${first}`
      : this.#into(name, input);
  }

  #into(name: Contender, input: Input): Promise<Measured | string> {
    this.#days += 1;
    const day = new Date(Date.UTC(2025, 0, this.#days)).toISOString().slice(0, 10);
    return measureOne(this.ground, { name, input, out: this.folder, day });
  }

  async #small(): Promise<Measured | string> {
    const folder = `${this.folder}-first`;
    try {
      const input = await makeInput(this.ground, this.format, FIRST_MB, folder);
      return typeof input === "string" ? input : await this.#into("first", input);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** What it measured, where it wrote the rows of the input; else what is wrong. */
async function measureOne(
  ground: SparkGround,
  { name, input, out, day }: { name: Contender; input: Input; out: string; day: string },
): Promise<Measured | string> {
  const contender = name === "first" || name === "later" ? "ours" : name;
  const found = await run(ground, { contender, input, out, day, limitSeconds: LIMIT_SECONDS });
  if (typeof found === "string") return found;
  const { rows, sum } = found.output;
  if (rows !== input.rows) return `failed: expected the input's ${input.rows} rows, found ${rows}`;
  return sum === input.sum ? found : `failed: ${rows} rows, but not those of the input`;
}

/** The input, or why there is none. */
async function makeInput(
  { python }: SparkGround,
  format: string,
  megabytes: number,
  folder: string,
): Promise<Input | string> {
  const program = join(ROOT, "__tests__", "bench", "etl", "inputs.py");
  const made = await execa(python, [program, format, String(megabytes), FLIGHTS, folder], {
    env: { PYTHONDONTWRITEBYTECODE: "1" },
    reject: false,
  });
  if (made.exitCode !== 0) return `no input: ${lastWords(made.stderr, made.signal)}`;
  return { format, ...JSON.parse(made.stdout) };
}

if (isProgram(import.meta.url)) {
  try {
    const options = optionsOf(process.argv.slice(2));
    console.log(ratioTable(await withScope((scope) => measureAll(options, scope))));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
