import { describe, expect, test } from "vitest";
import { isData, isDate, parseRawKey, rawFolder } from "../../../lambda/shared/batch";
import { SOURCE_NAME } from "../../../src/config/source";

const DAY = "raw/flights/year=2025/month=10/day=09";

describe("a raw key", () => {
  test.each([
    ["a file of a day", `${DAY}/a.json`],
    ["a file further in", `${DAY}/hour=07/part/a.json`],
    ["a name with a space", `${DAY}/my file.json`],
    ["a name with a plus", `${DAY}/a+b.json`],
    ["a name with a percent sign", `${DAY}/100%25 done.json`],
    ["a name with an equals sign", `${DAY}/k=v.json`],
    ["a name with a line break", `${DAY}/a\nb.json`],
    ["a name in another script", `${DAY}/données-日本.json`],
  ])("with %s belongs to its source and day", (_, key) => {
    expect(parseRawKey(key)).toEqual({ source: "flights", partition: "2025-10-09" });
  });

  test.each([
    ["another zone", "temp/flights/year=2025/month=10/day=09/a.json"],
    ["a folder before the zone", `x/${DAY}/a.json`],
    ["no source", "raw/year=2025/month=10/day=09/a.json"],
    ["no day", "raw/flights/year=2025/month=10/a.json"],
    ["no file", `${DAY}/`],
    ["no slash after the day", DAY],
    ["a month of one digit", "raw/flights/year=2025/month=1/day=09/a.json"],
    ["parts in another order", "raw/flights/month=10/year=2025/day=09/a.json"],
    ["a source in capitals", "raw/Flights/year=2025/month=10/day=09/a.json"],
    ["a source that climbs", "raw/../year=2025/month=10/day=09/a.json"],
    ["a folder without a name, which Hadoop passes over", `${DAY}//a.json`],
    ["a year before the first", "raw/flights/year=0000/month=01/day=09/a.json"],
    ["a thirteenth month", "raw/flights/year=2025/month=13/day=09/a.json"],
    ["a day that February does not have", "raw/flights/year=2025/month=02/day=29/a.json"],
    ["an encoded equals sign", "raw/flights/year%3D2025/month%3D10/day%3D09/a.json"],
  ])("with %s belongs nowhere", (_, key) => {
    expect(parseRawKey(key)).toBeUndefined();
  });

  test("knows the sources that the schema allows, and no others", () => {
    for (const name of [
      "a",
      "flights_20k",
      "x".repeat(63),
      "Flights",
      "1st",
      "_a",
      "a-b",
      "x".repeat(64),
    ])
      expect(parseRawKey(`raw/${name}/year=2025/month=10/day=09/a`) !== undefined, name).toBe(
        SOURCE_NAME.test(name),
      );
  });

  test("lies under the folder of its day", () => {
    const key = `${DAY}/a.json`;
    const landed = parseRawKey(key);
    expect(key.startsWith(rawFolder(landed?.source ?? "", landed?.partition ?? ""))).toBe(true);
    expect(rawFolder("flights", "2025-10-09")).toBe(`${DAY}/`);
  });
});

describe("a date", () => {
  test.each(["2025-10-09", "2024-02-29", "2000-02-29", "1970-01-01", "9999-12-31"])(
    "is %s",
    (text) => {
      expect(isDate(text)).toBe(true);
    },
  );

  test.each([
    "2025-02-29",
    "1900-02-29",
    "2025-13-01",
    "2025-00-10",
    "2025-10-00",
    "2025-10-32",
    "2025-1-1",
    "25-10-09",
    "2025-10-09T00:00:00Z",
    " 2025-10-09",
    "2025-10-09\n",
    "",
  ])("is not %j", (text) => {
    expect(isDate(text)).toBe(false);
  });
});

describe("data", () => {
  test.each([`${DAY}/a.json`, `${DAY}/a_b.json`, `${DAY}/a.b`, `${DAY}/1`])("is %s", (key) => {
    expect(isData(key, 1)).toBe(true);
  });

  test.each([
    ["a folder", `${DAY}/`, 1],
    ["an empty object", `${DAY}/a.json`, 0],
    ["Spark's marker", `${DAY}/_SUCCESS`, 1],
    ["what Spark has not committed yet", `${DAY}/_temporary/0/a.json`, 1],
    ["a hidden file", `${DAY}/.a.json.crc`, 1],
  ])("is not %s", (_, key, size) => {
    expect(isData(key, size)).toBe(false);
  });
});
