import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, test } from "vitest";
import { bom } from "./bom";
import { components } from "./components";

/** CycloneDX's own schemas, as its library carries them. */
const SCHEMAS = join(
  dirname(createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-library/package.json")),
  "res",
  "schema",
);
const schema = (name: string) =>
  JSON.parse(readFileSync(join(SCHEMAS, `${name}.SNAPSHOT.schema.json`), "utf8"));

let validate: (document: unknown) => string[];

beforeAll(() => {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: { "iri-reference": true, "idn-email": true },
  });
  addFormats(ajv);
  ajv.addSchema(schema("spdx"), "http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json");
  ajv.addSchema(schema("jsf-0.82"), "http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json");
  const compiled = ajv.compile(schema("bom-1.6"));
  validate = (document) => {
    compiled(document);
    return (compiled.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
});

describe("the bill of materials", () => {
  const made = bom();

  test("is what CycloneDX's schema asks for", () => {
    expect(validate(JSON.parse(JSON.stringify(made)))).toEqual([]);
  });

  test("is the same when it is made again", () => {
    expect(bom()).toEqual(made);
    expect(JSON.stringify(made)).not.toMatch(/\d{4}-\d{2}-\d{2}T|\/work\/|\/home\//);
  });

  test("has every component once, of each kind", () => {
    const refs = made.components.map((one) => one["bom-ref"]);
    expect(new Set(refs).size).toBe(refs.length);
    for (const kind of ["npm", "pypi", "maven", "github"])
      expect(refs.filter((ref) => ref.startsWith(`pkg:${kind}/`)).length, kind).toBeGreaterThan(0);
  });

  test("says of what depends on what nothing that is not there", () => {
    const known = new Set([
      made.metadata.component["bom-ref"],
      ...made.components.map((one) => one["bom-ref"]),
    ]);
    for (const { ref, dependsOn } of made.dependencies)
      for (const one of [ref, ...dependsOn]) expect(known.has(one), one).toBe(true);
  });

  test("leads from the project to every component", () => {
    const requires = new Map(made.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const seen = new Set<string>();
    const open = [made.metadata.component["bom-ref"]];
    for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
      if (seen.has(ref)) continue;
      seen.add(ref);
      open.push(...(requires.get(ref) ?? []));
    }
    expect(made.components.map((one) => one.purl).filter((ref) => !seen.has(ref))).toEqual([]);
  });

  test("excludes what does not run", () => {
    const scope = (name: string) => made.components.find((one) => one.name === name)?.scope;
    expect([scope("cdktf"), scope("fflate"), scope("vitest"), scope("moto")]).toEqual([
      "required",
      "required",
      "excluded",
      "excluded",
    ]);
  });
});

test("the schema refuses a bill with a licence, a hash or a reference that is none", () => {
  const [first] = components();
  expect(first).toBeDefined();
  const broken = (change: object) => {
    const made = JSON.parse(JSON.stringify(bom()));
    Object.assign(made.components[0], change);
    return validate(made);
  };
  expect(broken({})).toEqual([]);
  expect(broken({ licenses: [{ license: { id: "No-Such" } }] })).not.toEqual([]);
  expect(broken({ hashes: [{ alg: "SHA-256", content: "x" }] })).not.toEqual([]);
  expect(broken({ type: "thing" })).not.toEqual([]);
});
