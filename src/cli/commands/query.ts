/** `lake query ENV "SQL"`. */
import { withScope } from "../../local/scope";
import { queryAthena } from "../athena";
import { formatCsv, formatJson, formatTable } from "../table";
import { findTarget } from "../target";
import { bytes, colors, plural, print, say, seconds } from "../terminal";

export type QueryFormat = "table" | "csv" | "json";

const FORMATS = { table: formatTable, csv: formatCsv, json: formatJson };

/** Prints the rows on stdout, and on stderr how many and at what cost. */
export async function query(name: string, sql: string, format: QueryFormat): Promise<void> {
  const target = await findTarget(name);
  await withScope(async (scope) => {
    const result = await queryAthena(target, sql, scope.signal);
    if (result.columns.length > 0) print(FORMATS[format](result.columns, result.rows));
    say(
      colors.dim(
        `${plural(result.rows.length, "row")}, ${bytes(result.scannedBytes)} scanned, ${seconds(result.milliseconds)}`,
      ),
    );
  });
}
