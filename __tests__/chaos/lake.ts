/** The lake that is put to the test. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../src/local/paths";
import { SCHEMA, type Source } from "./files";

/** One with declared types, one with inferred ones, one that a crawler puts into the catalog. */
export const SOURCES: readonly Source[] = [
  { name: "orders", format: "json", schema: SCHEMA, layout: "iceberg" },
  { name: "visits", format: "csv", layout: "iceberg" },
  { name: "clicks", format: "json", layout: "parquet" },
];

/** `env/local.tfvars` with these sources: however many records are bad, a run goes on. */
export function tfvarsOf(sources: readonly Source[]): string {
  const local = readFileSync(join(ROOT, "env", "local.tfvars"), "utf8");
  const declared = sources.map(({ name, format, schema, layout }) => {
    const fields = { format, ...(schema ? { schema } : {}), layout };
    const pairs = Object.entries(fields).map(([field, value]) => `${field} = "${value}"`);
    return `  ${name} = { ${[...pairs, "max_quarantined_percent = 100"].join(", ")} }`;
  });
  const replaced = local.replace(
    /^sources = \{[\s\S]*?^\}/m,
    `sources = {\n${declared.join("\n")}\n}`,
  );
  // Room for two jobs: what keeps the runs of one source apart is its lock, not the capacity.
  const roomy = replaced.replace(/^emr_max_workers .*$/m, "emr_max_workers = 4");
  if (replaced === local || roomy === replaced)
    throw new Error("env/local.tfvars: expected a block of sources, and emr_max_workers");
  return roomy;
}
