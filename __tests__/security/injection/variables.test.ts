/** Values of an environment: the schema refuses them, or they arrive as they are. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { VARIABLE_NAMES, variable, variablesSchema } from "../../../src/config/schema";
import { validate } from "../../../src/config/validate";
import { lakeWith } from "../../support/lake";
import { HOSTILE } from "./hostile";

/** What is said of the values; no faults where they are taken. */
function faultsOf(values: Record<string, unknown>): readonly string[] {
  const layer = { values, at: () => ({ origin: "env/test.tfvars" }) };
  const result = validate({ name: "test", layers: [layer], jobs: ["etl.py"] });
  return "faults" in result ? result.faults.map(({ message }) => message) : [];
}

/** Ways to write a text into a variable that takes more than one. */
const INSIDE: Record<string, ((text: string) => unknown)[]> = {
  tags: [(text) => ({ [text]: "x" }), (text) => ({ Team: text })],
  alert_emails: [(text) => [text], (text) => [`${text}@example.com`]],
  sources: [
    (text) => ({ [text]: { format: "json" } }),
    (text) => ({ a: { format: text } }),
    (text) => ({ a: { format: "json", layout: text } }),
    (text) => ({ a: { format: "json", alarm_quarantined_percent: text } }),
    (text) => ({ a: { format: "json", expected_every_hours: text } }),
    (text) => ({ a: { format: "json", expected_minutes: text } }),
  ],
};
/** As it stands, and behind something that would be taken by itself. */
const BESIDE: Record<string, string> = {
  project: "lake",
  bucket_suffix: "x1",
  aws_region: "us-east-1",
  account_id: "123456789012",
  emr_release_label: "emr-7.12.0",
  spark_job_name: "etl.py",
  spark_driver_memory: "4g",
  spark_executor_memory: "4g",
  vpc_cidr: "10.0.0.0/16",
  iam_role_path: "/lake/",
  iam_permissions_boundary: "arn:aws:iam::123456789012:policy/edge",
};
/** Letters that a taken value may be of: to what it reaches they are letters. */
const LETTERS: Record<string, RegExp> = {
  tags: /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u,
  // They reach IAM's own fields, where a path is a path.
  iam_role_path: /^[\w+=,.@/-]*$/,
  iam_permissions_boundary: /^[\w+=,.@:/-]*$/,
};
const ways = (name: string): ((text: string) => unknown)[] =>
  INSIDE[name] ?? [
    (text) => text,
    (text) => `${BESIDE[name] ?? ""}${text}`,
    (text) => `${text}${BESIDE[name] ?? ""}`,
  ];

test.each(VARIABLE_NAMES)(
  "%s takes a hostile value as no more than text, or not at all",
  (name) => {
    for (const [what, text] of Object.entries(HOSTILE))
      for (const way of ways(name)) {
        const values = { [name]: way(text) };
        if (faultsOf(values).length > 0) continue;
        // Taken: then nothing that it may reach reads anything but letters in it.
        const written = typeof way(text) === "string" ? way(text) : text;
        expect(written, `${what}: ${JSON.stringify(values)}`).toMatch(
          LETTERS[name] ?? /^[a-z0-9.-]*$/,
        );
        if (name !== "tags") continue;
        const { lake } = lakeWith(values);
        expect(lake.provider("aws").default_tags[0].tags).toMatchObject(values.tags as object);
      }
  },
);

test("what stands beside a hostile value would be taken by itself", () => {
  for (const [name, sound] of Object.entries(BESIDE))
    expect(faultsOf({ [name]: sound })).toEqual([]);
  // So it is said here of each variable that takes a text, but for choices among a few words.
  const texts = VARIABLE_NAMES.filter(
    (name) => z.toJSONSchema(variable(name)?.type ?? z.never(), { unrepresentable: "any" }).pattern,
  );
  expect(texts.filter((name) => !(name in BESIDE))).toEqual([]);
});

describe("tags", () => {
  test.each(["aws:x", "AWS:x", "a{b", "a;b", "a'b", "a\nb", "a\u200bb", "a".repeat(129)])(
    "are refused under the name %j",
    (key) => expect(faultsOf({ tags: { [key]: "x" } })).toHaveLength(1),
  );
  test.each(["{", ";", "'", "\n", "\u202e", "a".repeat(257)])("are refused of the value %j", (v) =>
    expect(faultsOf({ tags: { Team: v } })).toHaveLength(1),
  );
  test.each([
    ["Team", "data & more".replace("&", "+")],
    ["cost:centre/1", "a=b @c_d-e.f"],
    ["Größe", "日本 ١٢"],
    ["constructor", "toString"],
  ])("arrive as they are: %s", (key, value) => {
    expect(faultsOf({ tags: { [key]: value } })).toEqual([]);
    const { lake } = lakeWith({ tags: { [key]: value } });
    expect(lake.provider("aws").default_tags[0].tags[key]).toBe(value);
  });
});

test("a source's schema arrives as it is, in the job's configuration and nowhere else", () => {
  const schema = "id BIGINT COMMENT 'x'' OR 1=1', `a b\"c` STRING, c STRING COMMENT '$.x {} \\\\'";
  const { lake } = lakeWith({ sources: { a: { format: "json", schema } } });
  const content = lake.resource("aws_s3_object", "sources").content;
  expect(JSON.parse(content).a.schema).toBe(schema);
  expect(lake.text.split("OR 1=1")).toHaveLength(2);
});

test("a source may be called as what every object has", () => {
  const { lake } = lakeWith({ sources: { constructor: { format: "json" } } });
  expect(Object.keys(JSON.parse(lake.resource("aws_s3_object", "sources").content))).toEqual([
    "constructor",
  ]);
  expect(variablesSchema.safeParse({ sources: { __proto__: { format: "x" } } }).success).toBe(
    false,
  );
});
