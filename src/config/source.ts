/** What an environment says of one source. */
import { z } from "zod";
import { whole } from "./fields";

/** Columns that a source's rows may be sorted by; each one after the first is sorted within it. */
export const MOST_SORT_COLUMNS = 4;
/** Zone and folder names: what S3, Hive partitions, Glue tables and SQL all accept unquoted. */
export const SOURCE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** Folders of the table, each of one value: nothing is left to sort by them. */
const PARTITION_COLUMNS = ["year", "month", "day"];
const COLUMN = "a column as the table spells it: lower-case letters, digits and underscores";
const MOST_SORTED = `at most ${MOST_SORT_COLUMNS} columns: of a fifth, no statistics tell`;

const PERCENT = "a percentage from 0 to 100";
const percent = () => z.number(PERCENT).min(0, PERCENT).max(100, PERCENT);

/** One feed. Its name in `sources` is the folder under raw/ and processed/, and the table. */
export const source = z
  .strictObject(
    {
      /** `json`: one object a line, or one array. `csv`: with a header line. Plain or gzip. */
      format: z.enum(["json", "csv"], '"json" or "csv"'),
      /** Spark DDL, such as `id BIGINT, at TIMESTAMP`. Without one, types are inferred. */
      schema: z.string("Spark DDL as text").min(1, "Spark DDL, or no schema at all").optional(),
      /**
       * `iceberg`: readers see a run's days whole or not at all. `parquet`: the template's plain
       * folders and crawler, where a reader during a run, or after one that died, may see a day's old
       * rows beside its new ones.
       */
      layout: z.enum(["iceberg", "parquet"], '"iceberg" or "parquet"').default("iceberg"),
      /**
       * Columns by which a day's rows are sorted, so that a query that asks for some of their values
       * reads those alone. Without them rows keep the order in which they came.
       */
      sort_by: z
        .array(
          z.string(COLUMN).regex(/^[a-z0-9_]{1,255}$/, COLUMN),
          'a list of columns, such as ["origin"]',
        )
        .min(1, "a column, or no sort_by at all")
        .max(MOST_SORT_COLUMNS, MOST_SORTED)
        .refine((names) => new Set(names).size === names.length, "each column once")
        .refine(
          (names) => !names.some((name) => PARTITION_COLUMNS.includes(name)),
          "columns other than year, month and day, of which a file has one value each",
        )
        .optional(),
      /** Share of a run's rows; above it the run fails and the earlier data stays. */
      max_quarantined_percent: percent().default(10),
      /** Share of a run's rows above which an alarm tells; half of what fails the run by default. */
      alarm_quarantined_percent: percent().optional(),
      /** Hours in which data comes at least once; without it nobody is told when none comes. */
      expected_every_hours: whole(1, 7 * 24, "hours").optional(),
      /** Minutes that a job of this source takes at most when all is well. */
      expected_minutes: whole(1, 7 * 24 * 60, "minutes").optional(),
    },
    'a map, such as { format = "json" }',
  )
  .superRefine(({ max_quarantined_percent: most, alarm_quarantined_percent: alarm }, context) => {
    if (alarm === undefined || alarm < most) return;
    const path = ["alarm_quarantined_percent"];
    const expected = `less than max_quarantined_percent (${most}), above which the run fails by itself`;
    if (most === 0)
      context.addIssue({ code: "custom", path, message: `none: it must be ${expected}` });
    else
      context.addIssue({
        code: "too_big",
        origin: "number",
        maximum: most / 2,
        path,
        message: expected,
      });
  });

/** Keys of one source. */
export const SOURCE_KEYS = Object.keys(source.shape);

export type Source = z.infer<typeof source>;

type Sources = Readonly<Record<string, Source>>;

/** Names of the sources of one layout, sorted. */
export function sourcesOf(
  sources: Readonly<Record<string, { readonly layout: string }>>,
  layout: Source["layout"],
): string[] {
  return Object.keys(sources)
    .filter((name) => sources[name]?.layout === layout)
    .sort();
}

/** What the job reads of the sources; the rest is for alarms. */
export function jobSources(sources: Sources) {
  return mapped(sources, ({ format, schema, layout, sort_by, max_quarantined_percent }) => ({
    format,
    ...(schema !== undefined && { schema }),
    layout,
    ...(sort_by !== undefined && { sort_by }),
    max_quarantined_percent,
  }));
}

/** What alarms read of the sources. */
export function expectationsOf(sources: Sources) {
  return mapped(sources, (one) => ({
    alarmPercent: alarmPercent(one),
    everyHours: one.expected_every_hours,
    minutes: one.expected_minutes,
  }));
}

/** Percent of a run's rows above which an alarm tells; none where the first bad row fails the run. */
function alarmPercent(one: Source): number | undefined {
  const { max_quarantined_percent: most, alarm_quarantined_percent: alarm } = one;
  return most === 0 ? undefined : (alarm ?? most / 2);
}

function mapped<Value>(sources: Sources, change: (one: Source) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(sources).map(([name, one]) => [name, change(one)]));
}
