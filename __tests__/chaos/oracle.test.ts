import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { folderWith } from "../support/folder";
import { multiset, total } from "./accounts";
import { contentOf } from "./files";
import { expectedOf } from "./harness";
import { SOURCES } from "./lake";
import { planOf } from "./plan";
import { Random } from "./random";

const DAY = "year=2025/month=10/day=09";

it("reads lines, arrays, gzip and CSV, and tells records from what is none", async () => {
  const found = await expectedOf(
    folderWith({
      [`raw/orders/${DAY}/a b+%20=x-größe.json`]: [
        '{"id": "s1.v1.0of2", "amount": 7, "note": "größe"}',
        '{"id": "s1.v1.1of2", "amount": null, "note": null}',
        '{"id": "s1.v1.b0", "amount": "many"}',
        '{"id": "s1.v1.b1", "amount": 1.5}',
        '{"id": "s1.v1.b2", "amount": 1',
        '{"id": "s1.v1.b3", "id": "again"}',
        '["s1.v1.b4"]',
        "",
      ].join("\n"),
      [`raw/orders/${DAY}/b.array.json`]: '[{"id": "s1.v2.0of1", "amount": -1},\n["s1.v2.b0"]]',
      [`raw/orders/${DAY}/c.json.gz`]: gzipSync('{"id": "s1.v3.0of1", "amount": 1099511627776}\n'),
      [`raw/visits/${DAY}/d.csv`]: [
        "id,amount,note",
        's1.v4.0of3,7,"said ""no"", twice"',
        "s1.v4.1of3,,",
        "s1.v4.2of3,-1,tab\tinside",
        "s1.v4.b0,7",
        "s1.v4.b1,7,one,more",
        "",
      ].join("\n"),
    }),
  );
  expect(multiset(found.rows)).toEqual(
    multiset([
      ["orders", "2025-10-09", "s1.v1.0of2", "7", "größe"],
      ["orders", "2025-10-09", "s1.v1.1of2", null, null],
      ["orders", "2025-10-09", "s1.v2.0of1", "-1", null],
      ["orders", "2025-10-09", "s1.v3.0of1", "1099511627776", null],
      ["visits", "2025-10-09", "s1.v4.0of3", "7", 'said "no", twice'],
      ["visits", "2025-10-09", "s1.v4.1of3", null, null],
      ["visits", "2025-10-09", "s1.v4.2of3", "-1", "tab\tinside"],
    ]),
  );
  const bad = ["v1.b0", "v1.b1", "v1.b2", "v1.b3", "v1.b4", "v2.b0"];
  expect(multiset(found.bad)).toEqual(
    multiset([
      ...bad.map((name) => ["orders", "2025-10-09", `s1.${name}`]),
      ...["v4.b0", "v4.b1"].map((name) => ["visits", "2025-10-09", `s1.${name}`]),
    ]),
  );
});

it("finds an empty zone empty", async () => {
  expect(await expectedOf(folderWith({}))).toEqual({ rows: [], bad: [] });
});

it("finds in what the harness uploads as many records as the harness meant", async () => {
  const files = new Map(
    planOf({ seed: 11, events: 200, sources: SOURCES })
      .rounds.flatMap(({ before, during }) => [...before, ...during])
      .flatMap((one) => (one.kind === "delete" ? [] : [[one.file.key, one.file] as const])),
  );
  const found = await expectedOf(
    folderWith(
      Object.fromEntries(
        [...files].map(([key, file]) => [key, contentOf(file, new Random(file.seed))]),
      ),
    ),
  );
  const meant = [...files.values()];
  expect(total(multiset(found.rows))).toBe(meant.reduce((sum, { good }) => sum + good, 0));
  expect(new Set(found.rows.map(([, , id]) => id)).size).toBe(found.rows.length);
  expect(found.bad).toHaveLength(meant.reduce((sum, { bad }) => sum + bad, 0));
  expect(found.bad.every(([, , id]) => /^s11\.v\d+\.b\d$/.test(id ?? ""))).toBe(true);
});
