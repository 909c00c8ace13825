import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  javaFinding,
  nodeFinding,
  providerFinding,
  pythonFinding,
  terraformFinding,
} from "../../../src/cli/doctor/tools";
import { findJava } from "../../../src/local/tools/java";
import { findPython } from "../../../src/local/tools/python";
import { findTerraform } from "../../../src/local/tools/terraform";
import {
  fakeJava,
  fakePython,
  fakeTerraform,
  temporaryFolder,
} from "../../local/support/fake-tools";

const TODAY = new Date("2026-11-23T12:00:00Z");

describe("Terraform", () => {
  test.each([
    ["terraform", "1.13.3", TODAY, "ok", "1.13.3"],
    ["terraform", "1.10.2", TODAY, "warning", "its support ends on 2026-11-30"],
    ["terraform", "1.11.4", new Date("2027-03-01"), "warning", "its support ended on 2027-02-28"],
    // Newer than the table, and another program: nothing is claimed.
    ["terraform", "1.99.0", TODAY, "ok", "1.99.0"],
    ["tofu", "1.10.2", new Date("2030-01-01"), "ok", "1.10.2"],
    ["terraform", "1.9.8", TODAY, "missing", "Terraform 1.10 or later"],
  ])("%s %s at %s: %s, %s", async (name, version, today, level, words) => {
    const folder = temporaryFolder();
    fakeTerraform(folder, version, name);
    const finding = terraformFinding(await findTerraform({ PATH: folder }), today);
    expect(finding).toMatchObject({ level, what: expect.stringContaining(words) });
    expect(finding.topic).toBe(name === "tofu" ? "OpenTofu" : "Terraform");
    expect(finding.remedy === undefined).toBe(level === "ok");
  });
});

test("Java and Python stop only what runs here", async () => {
  const env = { PATH: temporaryFolder() };
  const [java, python] = [await findJava(env, []), await findPython(env)];
  for (const needed of [true, false]) {
    const level = needed ? "missing" : "warning";
    expect(javaFinding(java, needed)).toMatchObject({ level, why: expect.any(String) });
    expect(pythonFinding(python, needed).level).toBe(level);
    expect(pythonFinding(python, needed).remedy?.length).toBeGreaterThan(0);
  }
});

test("Java and Python that are there are named with their place", async () => {
  const bin = temporaryFolder();
  const home = fakeJava(join(bin, "jdk"), "17.0.15");
  fakePython(bin, "3.11.7");
  const env = { PATH: bin, JAVA_HOME: home };
  expect(javaFinding(await findJava(env, []), true)).toMatchObject({
    level: "ok",
    what: `17.0.15 (${home})`,
  });
  expect(pythonFinding(await findPython(env), true)).toMatchObject({
    level: "ok",
    what: `3.11.7 (${join(bin, "python3")})`,
  });
});

test("a Node.js past its support is a warning", () => {
  expect(nodeFinding("24.1.0", "/node", TODAY)).toMatchObject({ level: "ok" });
  expect(nodeFinding("20.20.2", "/node", TODAY)).toMatchObject({
    level: "warning",
    what: "20.20.2 (/node): its support ended on 2026-04-30",
  });
});

test.each([
  [{ downloads: false, env: { TF_CLI_ARGS_providers_lock: "-fs-mirror=/a b" } }, "ok", "in /a b"],
  [{ downloads: false, env: {} }, "ok", "a copy"],
  [
    { downloads: true, env: { TF_CLI_ARGS_providers_lock: "-net-mirror=https://m/" } },
    "ok",
    "network mirror",
  ],
  [{ downloads: true, env: {} }, "warning", "will download it (about 700 MB)"],
])("a provider from %j is %s: %s", (source, level, words) => {
  expect(providerFinding(source)).toMatchObject({ level, what: expect.stringContaining(words) });
});
