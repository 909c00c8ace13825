/**
 * `npm run bench:query`: bytes that each query reads of the lake, of the same rows as raw JSON, and
 * of the same rows as one Parquet file without partitions; what sorting saves; and how much smaller
 * Parquet is than text, on three real data sets. `--smallest`.
 */
import { z } from "zod";
import { namedQueries } from "../../src/catalog/named-queries";
import { withScope } from "../../src/local/scope";
import { figuresOf } from "./python-figures";
import { type Ground, groundIn } from "./python-ground";
import { type Extent, type Ratio, runAlone, tableOf } from "./ratio";

/** Rows of a day, and days; a day of the larger ones has several row groups. */
const ROWS = { smallest: { rows: 20_000, days: 2 }, full: { rows: 6_000_000, days: 2 } } as const;
const FLIGHTS = { smallest: 20_000, full: 3_000_000 } as const;

const JSON_LINES = "raw JSON";
const ONE_FILE = "one Parquet file";
const LAKE = "lake";
const SORTED = "lake, sorted by origin";
const BY_PAGE = `${SORTED}, by page`;
const LAYOUTS = [JSON_LINES, ONE_FILE, LAKE, SORTED, BY_PAGE] as const;
/** What sorting by origin is for. */
const SELECTIVE = "one origin on one day";
/** Names a day itself: Athena finds it in the catalog, and the other layouts have none. */
const LATEST_DAY = "latest day";

const stored = z.object({ layout: z.enum(LAYOUTS), bytes: z.number(), files: z.number() });
const read = z.object({
  query: z.string(),
  layout: z.enum(LAYOUTS),
  bytes: z.number(),
  rows: z.number(),
});
const size = z.object({
  data: z.string(),
  rows: z.number(),
  json: z.number(),
  csv: z.number(),
  parquet: z.number(),
});

export type Read = z.infer<typeof read>;
type Stored = z.infer<typeof stored>;

export function benchQuery({ smallest }: Extent): Promise<Ratio[]> {
  return withScope(async (scope) => {
    const ground = await groundIn(scope);
    const extentOf = smallest ? "smallest" : "full";
    return [
      ...(await queries(ground, ROWS[extentOf])),
      ...(await sizes(ground, FLIGHTS[extentOf])),
    ];
  });
}

async function queries(ground: Ground, { rows, days }: { rows: number; days: number }) {
  const flags = { rows, days, named: JSON.stringify(namedInSpark()) };
  const lines = await figuresOf(ground, "query", flags, z.union([read, stored]));
  const layouts = lines.filter((line): line is Stored => !("query" in line));
  const reads = lines.filter((line): line is Read => "query" in line);
  console.log(`${days} days of ${rows} flights each: as they are stored`);
  console.log(
    tableOf(
      ["layout", "files", "MB"],
      layouts.map((each) => [each.layout, each.files, megabytes(each.bytes)]),
    ),
  );
  const names = [...new Set(reads.map(({ query }) => query))];
  console.log("MB that a query reads, footers and the table's metadata included");
  const cells = names.map((name) => [
    name,
    ...LAYOUTS.map((layout) => megabytes(bytesOf(reads, name, layout))),
  ]);
  console.log(tableOf(["query", ...LAYOUTS], cells));
  return ratiosOf(reads);
}

/** Ratios of what was read; exported for its test. */
export function ratiosOf(reads: readonly Read[]): Ratio[] {
  const ratio = (query: string, more: Layout, less: Layout, atLeast: number): Ratio => ({
    what: `bytes read for "${query}": ${more} ÷ ${less}`,
    rounds: [bytesOf(reads, query, more) / bytesOf(reads, query, less)],
    goal: { atLeast },
  });
  const names = [...new Set(reads.map(({ query }) => query))];
  return [
    ...names.map((query) => ratio(query, JSON_LINES, LAKE, 10)),
    ...names.map((query) => ratio(query, ONE_FILE, LAKE, 1)),
    ratio(SELECTIVE, LAKE, SORTED, 2),
    ratio(SELECTIVE, LAKE, BY_PAGE, 2),
  ];
}

type Layout = (typeof LAYOUTS)[number];

function bytesOf(reads: readonly Read[], query: string, layout: Layout): number {
  const found = reads.find((each) => each.query === query && each.layout === layout);
  if (found === undefined) throw new Error(`nothing was measured of "${query}" on ${layout}`);
  return found.bytes;
}

async function sizes(ground: Ground, flights: number): Promise<Ratio[]> {
  const found = await figuresOf(ground, "sizes", { flights }, size);
  console.log("Real data, as text and as the job's Parquet");
  const cells = found.map(({ data, rows, json, csv, parquet }) => [
    ...[data, rows, megabytes(json), megabytes(csv), megabytes(parquet)],
    ...[json / parquet, csv / parquet].map((ratio) => ratio.toFixed(1)),
  ]);
  const head = ["data", "rows", "JSON lines, MB", "CSV, MB", "Parquet, MB", "JSON ÷", "CSV ÷"];
  console.log(tableOf(head, cells));
  return found.flatMap(({ data, json, csv, parquet }) => [
    { what: `${data}: JSON lines ÷ Parquet`, rounds: [json / parquet], goal: { atLeast: 5 } },
    { what: `${data}: CSV ÷ Parquet`, rounds: [csv / parquet], goal: { atLeast: 5 } },
  ]);
}

/** The stack's own queries that any layout can answer, by their names; Spark quotes otherwise. */
function namedInSpark(): Record<string, string> {
  const source = "flights";
  const short = (name: string) => name.replace(`${source}: `, "");
  const asked = namedQueries(source).filter(({ name }) => short(name) !== LATEST_DAY);
  return Object.fromEntries(
    asked.map(({ name, query }) => [short(name), query.replaceAll(`"${source}"`, source)]),
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1);
}

await runAlone(import.meta.url, benchQuery);
