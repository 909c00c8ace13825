import { describe, expect, test } from "vitest";
import { lastWriteOf } from "../../../src/cli/status/iceberg";

/** A table's metadata, as Iceberg writes it: ids are numbers of more digits than a double has. */
function metadata(
  snapshots: readonly [id: string, at: number, added?: string][],
  log: readonly [id: string, at: number][],
): string {
  const entries = snapshots.map(
    ([id, at, added]) =>
      `{"snapshot-id":${id},"timestamp-ms":${at},"summary":{"operation":"overwrite"${added === undefined ? "" : `,"added-records":"${added}"`}}}`,
  );
  const history = log.map(([id, at]) => `{"timestamp-ms":${at},"snapshot-id":${id}}`);
  return `{"format-version":2,"snapshots":[${entries}],"snapshot-log":[${history}]}`;
}

describe("the last write of a table", () => {
  test("is when the newest snapshot that brought rows became the readers'", () => {
    const json = metadata(
      [
        ["6721484917999699420", 1000, "5"],
        ["6721484917999699421", 2000, "7"],
        // A day that was emptied, and a compaction that added none.
        ["6721484917999699422", 3000],
        ["6721484917999699423", 4000, "0"],
      ],
      [
        ["6721484917999699420", 1100],
        ["6721484917999699421", 2100],
        ["6721484917999699422", 3100],
        ["6721484917999699423", 4100],
      ],
    );
    expect(lastWriteOf(json)).toEqual(new Date(2100));
  });

  test("is not that of a run which has staged and not published, though ids differ in the last digit", () => {
    const json = metadata(
      [
        ["6721484917999699420", 1000],
        ["6721484917999699421", 2000, "7"],
      ],
      [["6721484917999699420", 1100]],
    );
    expect(lastWriteOf(json)).toBeUndefined();
  });

  test("is unknown of a table that nobody has written", () => {
    expect(lastWriteOf('{"format-version":2}')).toBeUndefined();
  });

  test("is asked in vain of a file of another kind, which is said", () => {
    expect(() => lastWriteOf('{"snapshots":7}')).toThrow("no metadata of an Iceberg table");
    expect(() => lastWriteOf("PAR1")).toThrow("no metadata of an Iceberg table");
  });
});
