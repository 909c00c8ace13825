/** Records as multisets: what is expected, what is found, and where the two differ. Pure. */

/** A record by all that it holds, and how often it stands there. */
export type Multiset = ReadonlyMap<string, number>;

export interface Expected {
  /** `source, day, id, amount, note`. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** `source, day, id` of what is no record of its source. */
  readonly bad: readonly (readonly (string | null)[])[];
}

export interface Difference {
  readonly where: "table" | "quarantine";
  readonly record: string;
  readonly expected: number;
  readonly found: number;
}

export function multiset(records: Iterable<readonly (string | null)[]>): Multiset {
  const counts = new Map<string, number>();
  for (const record of records) {
    const key = JSON.stringify(record);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

export function total(records: Multiset): number {
  return [...records.values()].reduce((sum, count) => sum + count, 0);
}

export function differences(
  where: Difference["where"],
  expected: Multiset,
  found: Multiset,
): Difference[] {
  return [...new Set([...expected.keys(), ...found.keys()])]
    .map((record) => ({
      where,
      record,
      expected: expected.get(record) ?? 0,
      found: found.get(record) ?? 0,
    }))
    .filter((one) => one.expected !== one.found)
    .sort((a, b) => a.record.localeCompare(b.record));
}

/** `<file>.<version>.<n>of<good>`, as files.ts names good records. */
const GOOD = /^(.+)\.\d+of(\d+)$/;

/** File versions of which a reader saw some records and not all, or one twice. */
export function torn(ids: readonly (string | null)[]): string[] {
  const seen = new Map<string, { good: number; ids: Set<string>; count: number }>();
  for (const id of ids) {
    const [, name = "", good = ""] = GOOD.exec(id ?? "") ?? [];
    const one = seen.get(name) ?? { good: Number(good), ids: new Set<string>(), count: 0 };
    one.ids.add(id ?? "");
    seen.set(name, { ...one, count: one.count + 1 });
  }
  return [...seen]
    .filter(([, one]) => one.ids.size !== one.good || one.count !== one.good)
    .map(([name, one]) => `${name}: ${one.count} of ${one.good} records`);
}
