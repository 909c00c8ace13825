import { describe, expect, test } from "vitest";
import type { Sources } from "../../../lambda/validate/contract";
import { InvalidInput, type ListedObject, validate } from "../../../lambda/validate/validate";

const SOURCES: Sources = {
  flights: { format: "json", layout: "iceberg" },
  weather: { format: "csv", layout: "parquet" },
};
const DAY = "raw/flights/year=2025/month=10/day=09/";

/** Validates against a bucket that holds these objects. */
function run(input: unknown, objects: ListedObject[] = [], sources = SOURCES) {
  return validate(input, {
    landingBucket: "landing",
    readSources: async () => sources,
    async *listObjects(prefix) {
      for (const object of objects) if (object.key.startsWith(prefix)) yield object;
    },
  });
}

/** The template's bare shape. */
const landed = (key: string, bucket = "landing") => ({
  detail: { bucket: { name: bucket }, object: { key } },
});

const batch = (partitions: unknown, source: unknown = "flights") => ({
  ...landed(`${DAY}a.json`),
  batch: { source, partitions, keys: [`${DAY}a.json`] },
});

describe("the template's bare input", () => {
  test("is the day of the object that it names, counted whole", async () => {
    const objects = [
      { key: `${DAY}a.json`, size: 5 },
      { key: `${DAY}hour=1/b.json`, size: 7 },
      { key: "raw/flights/year=2025/month=10/day=10/c.json", size: 100 },
    ];
    expect(await run(landed(`${DAY}a.json`), objects)).toEqual({
      isPending: false,
      filesFound: true,
      source: "flights",
      layout: "iceberg",
      partitions: ["2025-10-09"],
      files: 2,
      bytes: 12,
    });
  });

  test("outside the layout is refused with the layout", async () => {
    await expect(run(landed("raw/flights/a.json"))).rejects.toThrow(
      "key is outside raw/<source>/year=YYYY/month=MM/day=DD/<file>: raw/flights/a.json",
    );
  });
});

describe("a batch", () => {
  test("is all of its days, sorted and once each", async () => {
    const objects = [
      { key: `${DAY}a.json`, size: 5 },
      { key: "raw/flights/year=2024/month=12/day=31/b.json", size: 2 },
    ];
    expect(await run(batch(["2025-10-09", "2024-12-31", "2025-10-09"]), objects)).toEqual({
      isPending: false,
      filesFound: true,
      source: "flights",
      layout: "iceberg",
      partitions: ["2024-12-31", "2025-10-09"],
      files: 2,
      bytes: 7,
    });
  });

  test("keeps days whose files are gone: they are to be recomputed too", async () => {
    const output = await run(batch(["2025-10-09", "2025-10-10"]), [{ key: `${DAY}a`, size: 1 }]);
    expect(output).toMatchObject({ filesFound: true, files: 1 });
    expect(output.partitions).toEqual(["2025-10-09", "2025-10-10"]);
  });

  test("counts every object of a listing, however many pages it takes", async () => {
    const objects = Array.from({ length: 2500 }, (_, i) => ({ key: `${DAY}${i}.json`, size: 2 }));
    expect(await run(batch(["2025-10-09"]), objects)).toMatchObject({ files: 2500, bytes: 5000 });
  });

  test.each([
    ["no days", []],
    ["days that are none", ["2025-02-30"]],
    ["a day that climbs out of its folder", ["../../processed"]],
    ["days that are no list", "2025-10-09"],
  ])("of %s is refused", async (_, partitions) => {
    await expect(run(batch(partitions))).rejects.toThrow(InvalidInput);
  });
});

describe("a batch whose days wait in the source's item", () => {
  test("is not counted: days whose files are gone are ingested too", async () => {
    const input = batch(["2025-10-09"]);
    const output = await run({ ...input, batch: { ...input.batch, pending: true } }, [
      { key: `${DAY}a.json`, size: 5 },
    ]);
    expect(output).toMatchObject({ isPending: true, filesFound: false, files: 0 });
  });

  test("names no day where it is the rest of another run", async () => {
    const input = batch([]);
    const output = await run({ ...input, batch: { ...input.batch, pending: true } });
    expect(output).toMatchObject({ isPending: true, source: "flights", partitions: [] });
  });
});

describe("no files", () => {
  test.each<[what: string, objects: ListedObject[]]>([
    ["nothing", []],
    ["folders", [{ key: DAY, size: 0 }]],
    ["empty objects", [{ key: `${DAY}a.json`, size: 0 }]],
    [
      "markers and hidden files",
      [
        { key: `${DAY}_SUCCESS`, size: 9 },
        { key: `${DAY}.a.crc`, size: 9 },
      ],
    ],
    ["other days", [{ key: "raw/flights/year=2025/month=10/day=1/a.json", size: 9 }]],
  ])("are found where there is %s", async (_, objects) => {
    expect(await run(landed(`${DAY}a.json`), objects)).toMatchObject({
      filesFound: false,
      files: 0,
      bytes: 0,
    });
  });
});

describe("input that nobody can ingest", () => {
  test("has the error's name that the state machine does not retry", async () => {
    const error = await run({}).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as Error).name).toBe("InvalidInput");
  });

  test.each([
    ["nothing", undefined],
    ["a text", "raw/flights"],
    ["no detail", { bucket: "landing" }],
    ["no key", { detail: { bucket: { name: "landing" }, object: {} } }],
  ])("is %s, and the message says the shape", async (_, input) => {
    await expect(run(input)).rejects.toThrow(/^input is not \{ detail: .* \}: /);
  });

  test("names another bucket", async () => {
    await expect(run(landed(`${DAY}a.json`, "mine"))).rejects.toThrow(
      "bucket is mine, expected landing",
    );
  });

  test("names a source that the environment does not have, and the message names those it has", async () => {
    await expect(run(batch(["2025-10-09"], "fligths"))).rejects.toThrow(
      'unknown source "fligths": this environment has flights, weather. Add it to sources in its env file',
    );
  });

  test("names what every object has from birth", async () => {
    await expect(run(batch(["2025-10-09"], "constructor"))).rejects.toThrow(/unknown source/);
    await expect(run(batch(["2025-10-09"], "__proto__"))).rejects.toThrow(/unknown source/);
  });
});

describe("what is out of reach", () => {
  test("is no fault of the input: the state machine may try again", async () => {
    const error = await validate(landed(`${DAY}a.json`), {
      landingBucket: "landing",
      readSources: () => Promise.reject(new Error("SlowDown")),
      listObjects: async function* () {},
    }).catch((e: unknown) => e);
    expect((error as Error).name).toBe("Error");
  });
});
