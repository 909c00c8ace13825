/** Keys and file names: what comes of them in the trigger, in validation, and in the command. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isData, parseRawKey } from "../../../lambda/shared/batch";
import { validate } from "../../../lambda/validate/validate";
import { formatCsv, formatJson, formatTable } from "../../../src/cli/table";
import { uploadFaults, uploadsOf } from "../../../src/cli/upload";
import { variablesSchema } from "../../../src/config/schema";
import { runLake } from "../../cli/support/lake";
import { temporaryFolder } from "../../local/support/fake-tools";
import { HOSTILE } from "./hostile";

const DAY = "year=2026/month=01/day=02";
const hostile = Object.entries(HOSTILE);
const validateKey = (key: string, listed: string[] = []) =>
  validate(
    { detail: { bucket: { name: "landing" }, object: { key } } },
    {
      landingBucket: "landing",
      readSources: async () => ({ orders: { format: "json", layout: "iceberg" } }),
      async *listObjects(prefix) {
        listed.push(prefix);
        yield { key, size: 1 };
      },
    },
  );

describe("a key whose file's name is hostile", () => {
  test.each(hostile)("is of its source and day all the same: %s", async (_, name) => {
    const key = `raw/orders/${DAY}/${name}`;
    const landed = parseRawKey(key);
    if (landed !== undefined) expect(landed).toEqual({ source: "orders", partition: "2026-01-02" });
    if (!isData(key, 1) || landed === undefined) return;
    const listed: string[] = [];
    const { source, partitions } = await validateKey(key, listed);
    expect([source, partitions, listed]).toEqual([
      "orders",
      ["2026-01-02"],
      [`raw/orders/${DAY}/`],
    ]);
  });

  test("is no data where a part of it leads to another folder", () => {
    for (const name of ["../x.json", "a/../x.json", "./x.json", "a/./x.json", "a/.."])
      expect(isData(`raw/orders/${DAY}/${name}`, 1), name).toBe(false);
    expect(parseRawKey(`raw/orders/${DAY}//x.json`)).toBeUndefined();
  });
});

describe("a key whose source or day is hostile", () => {
  test.each(hostile)("is nobody's: %s", async (_, text) => {
    const keys = [
      `raw/${text}/${DAY}/x.json`,
      `raw/orders/year=${text}/month=01/day=02/x.json`,
      `raw/orders/year=2026/month=01/day=02${text.replaceAll("/", "")}/x.json`,
      `${text}/orders/${DAY}/x.json`,
    ];
    for (const key of keys)
      await expect(validateKey(key), key).rejects.toThrow(
        /^(key is outside raw\/|unknown source ")/,
      );
  });

  test.each(hostile)("is refused as a batch too: %s", async (_, text) => {
    for (const batch of [
      { source: text, partitions: ["2026-01-02"] },
      { source: "orders", partitions: [text] },
      { source: "constructor", partitions: ["2026-01-02"] },
      { source: "__proto__", partitions: ["2026-01-02"] },
    ])
      await expect(
        validate(
          { detail: { bucket: { name: "landing" }, object: { key: "x" } }, batch },
          {
            landingBucket: "landing",
            readSources: async () => ({ orders: { format: "json", layout: "iceberg" } }),
            async *listObjects() {},
          },
        ),
      ).rejects.toThrow(/^(unknown source "|batch\.partitions are not dates: )/);
  });
});

describe("a file that is uploaded", () => {
  /** What a file system takes as a name. */
  const names = hostile
    .map(([, name]) => name.replaceAll("/", "_").replaceAll("\0", "").slice(0, 200))
    .map((name) => `${name.replace(/^[._]/, "x")}.json`);
  const environment = {
    name: "dev",
    variables: variablesSchema.parse({ sources: { orders: { format: "json" } } }),
  };

  test("keeps its name, letter for letter, in the folder of its source and day", () => {
    const folder = temporaryFolder();
    const files = [...new Set(names)].map((name) => join(folder, name));
    for (const file of files) writeFileSync(file, "{}");
    const request = { source: "orders", files, date: "2026-01-02" };
    expect(uploadFaults(environment, request)).toEqual([]);
    expect(uploadsOf(request).map(({ key }) => key)).toEqual(
      files.map((file) => `raw/orders/${DAY}/${file.slice(folder.length + 1)}`),
    );
  });

  test.each(hostile)("to no source and no day of a hostile name: %s", (_, text) => {
    const file = join(temporaryFolder(), "a.json");
    writeFileSync(file, "{}");
    expect(uploadFaults(environment, { source: text, files: [file], date: "2026-01-02" })).toEqual([
      expect.stringMatching(/^source ".*" is not in env\/dev\.tfvars/s),
    ]);
    expect(uploadFaults(environment, { source: "orders", files: [file], date: text })).toEqual([
      expect.stringMatching(/^date ".*" is no day of the calendar/s),
    ]);
  });

  test("is told of in words that steer no terminal", () => {
    const faults = uploadFaults(environment, {
      source: "\u001b[2J",
      files: hostile.map(([, name]) => `none/${name}`.replaceAll("\0", "")),
      date: "\u001b[2J",
    });
    expect(faults.join("")).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

describe("what a query gives", () => {
  const columns = hostile.map(([, name]) => ({ name, type: "varchar" }));
  const row = hostile.map(([, value]) => value);

  test("is a table that steers no terminal, whatever columns and cells are called", () => {
    expect(formatTable(columns, [row]).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(formatTable(columns, [row]).split("\n")).toHaveLength(3);
  });

  test("is the same values in JSON, and in CSV behind quotes", () => {
    const [object] = JSON.parse(formatJson(columns, [row]));
    for (const { name } of columns) expect(object[name]).toBe(name);
    expect(formatCsv([{ name: "a,b\n", type: "varchar" }], [['x"\ny']])).toBe('"a,b\n"\n"x""\ny"');
  });
});

test.each([["../dev"], ["dev;id"], ["$(id)"], ["--", "-h;id"], ["/etc/passwd"], ["\u001b[2Jdev"]])(
  "an environment of a hostile name is none: %s",
  async (...args) => {
    const { exitCode, stdout, stderr } = await runLake(["check", ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^error: (There is no environment|too many arguments)/);
    expect(stderr).not.toContain("\u001b");
  },
);
