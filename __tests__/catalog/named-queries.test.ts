import { expect, test } from "vitest";
import { namedQueries } from "../../src/catalog/named-queries";

test("a source is born with two queries, at addresses of its own", () => {
  expect(namedQueries("flights").map(({ id, name }) => [id, name])).toEqual([
    ["flights_rows_per_day", "flights: rows per day"],
    ["flights_latest_day", "flights: latest day"],
  ]);
});

test("every query reads the source's own table, its name quoted", () => {
  for (const { query } of namedQueries("order")) {
    const tables = [...query.matchAll(/FROM\s+(\S+)/g)].map(([, table]) => table);
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) expect(table).toMatch(/^"order(\$partitions)?"$/);
  }
});

test("the latest day is found among the partitions, so that one day alone is read", () => {
  const latest = namedQueries("flights").find(({ id }) => id === "flights_latest_day");
  expect(latest?.query).toContain('FROM "flights$partitions"');
  expect(latest?.query).toMatch(/LIMIT 100$/);
});

test("names have a length that Athena takes, for the longest source too", () => {
  for (const { name, description } of namedQueries("x".repeat(63))) {
    expect(name.length).toBeLessThanOrEqual(128);
    expect(description.length).toBeLessThanOrEqual(1024);
  }
});
