/** Queries that every source is born with, in Athena's SQL. */

export interface NamedQuery {
  /** Address name of the query. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly query: string;
}

/** What one asks of a new table first. */
export function namedQueries(source: string): NamedQuery[] {
  return [
    {
      id: `${source}_rows_per_day`,
      name: `${source}: rows per day`,
      description: `Days that ${source} holds, newest first, with their rows`,
      query: `SELECT year, month, day, count(*) AS row_count
FROM "${source}"
GROUP BY year, month, day
ORDER BY year DESC, month DESC, day DESC`,
    },
    {
      id: `${source}_latest_day`,
      name: `${source}: latest day`,
      description: `Rows of the newest day of ${source}; reads that day alone`,
      query: `SELECT *
FROM "${source}"
WHERE concat(year, '-', month, '-', day) = (
  SELECT max(concat(year, '-', month, '-', day)) FROM "${source}$partitions"
)
LIMIT 100`,
    },
  ];
}
