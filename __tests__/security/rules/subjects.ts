/** What the rules look at: both stacks of every environment, and of one with every option on. */
import { environments, lakeWith } from "../../support/lake";
import type { Subject } from "./rule";

/** Everything that an environment can ask for. */
export const FULL: Readonly<Record<string, unknown>> = {
  project: "full",
  bucket_suffix: "x1",
  account_id: "123456789012",
  enable_vpc: true,
  enable_nat_gateway: true,
  enable_pre_warming: true,
  encrypt_glue_catalog: true,
  retain_data: true,
  state_in_bucket: true,
  iam_role_path: "/lake/",
  iam_permissions_boundary: "arn:aws:iam::123456789012:policy/boundary",
  alert_emails: ["ops@example.com", "data@example.com"],
  tags: { Team: "data" },
  sources: {
    a: { format: "csv", layout: "parquet" },
    b: { format: "json", schema: "id BIGINT", expected_every_hours: 24, expected_minutes: 30 },
  },
};

let cached: Promise<readonly Subject[]> | undefined;

/** Every stack of env/ and of `full`, lakes before states. They are read only. */
export function subjects(): Promise<readonly Subject[]> {
  cached ??= environments().then((all) => {
    const lakes = [...Object.values(all), lakeWith(FULL, "full")];
    return (["lake", "state"] as const).flatMap((kind) =>
      lakes.map((one) => ({
        name: `${kind === "lake" ? "data-lake" : "state"}-${one.name}`,
        kind,
        stack: one[kind],
        variables: one.variables,
      })),
    );
  });
  return cached;
}

/** The one of this name. */
export async function subject(name: string): Promise<Subject> {
  const found = (await subjects()).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no stack ${name}`);
  return found;
}
