import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Failure } from "../../src/local/failure";
import { findToolchain } from "../../src/local/toolchain";
import { findJava } from "../../src/local/tools/java";
import { findPython } from "../../src/local/tools/python";
import { atLeast } from "../../src/local/tools/search";
import { findTerraform } from "../../src/local/tools/terraform";
import {
  fakeJava,
  fakePython,
  fakeTerraform,
  program,
  temporaryFolder,
} from "./support/fake-tools";

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failure);
  return (error as Failure).text();
}

describe("the toolchain", () => {
  test("is found on the PATH", async () => {
    const bin = temporaryFolder();
    const home = fakeJava(join(bin, "jdk"), "17.0.15");
    symlinkSync(join(home, "bin", "java"), join(bin, "java"));
    fakeTerraform(bin, "1.11.4");
    fakePython(bin, "3.11.7");
    const tools = await findToolchain({ PATH: bin }, []);
    expect(tools).toEqual({
      terraform: { path: join(bin, "terraform"), version: "1.11.4", name: "terraform" },
      java: { home, version: "17.0.15" },
      python: { path: join(bin, "python3"), version: "3.11.7" },
      node: { path: process.execPath, version: process.versions.node },
    });
  });

  test("that lacks everything is reported whole, with reasons and remedies", async () => {
    const text = await failureOf(findToolchain({ PATH: temporaryFolder() }, []));
    expect(text).toContain("This machine lacks 3 things");
    for (const words of [
      "Terraform 1.10 or later (or OpenTofu 1.10 or later)",
      "no terraform and no tofu on the PATH",
      "Java 17 (Java 11 and 8 do too)",
      "no JAVA_HOME, no java on the PATH",
      "Python 3.10 to 3.13 with venv",
      "no python3 on the PATH",
    ])
      expect(text).toContain(words);
    expect(text.match(/ {2}why: {4}/g)).toHaveLength(3);
    expect(text.match(/ {2}to get: /g)).toHaveLength(3);
  });
});

describe("Terraform", () => {
  test("that is too old is named with its version", async () => {
    const bin = temporaryFolder();
    const path = fakeTerraform(bin, "1.9.8");
    const found = await findTerraform({ PATH: bin });
    expect(found).toMatchObject({ ok: false, problem: { found: [`${path} is 1.9.8`] } });
  });

  test("gives way to an OpenTofu that is new enough", async () => {
    const bin = temporaryFolder();
    fakeTerraform(bin, "1.5.7");
    const path = fakeTerraform(bin, "1.10.6", "tofu");
    expect(await findTerraform({ PATH: bin })).toEqual({
      ok: true,
      tool: { path, version: "1.10.6", name: "tofu" },
    });
  });

  test("that does not run is no Terraform", async () => {
    const bin = temporaryFolder();
    const path = program(join(bin, "terraform"), "exit 3");
    expect(await findTerraform({ PATH: bin })).toMatchObject({
      ok: false,
      problem: { found: [`${path} does not say its version`] },
    });
  });
});

describe("Java", () => {
  test("of JAVA_HOME is taken before that of the PATH", async () => {
    const folder = temporaryFolder();
    const home = fakeJava(join(folder, "eleven"), "11.0.27");
    const other = fakeJava(join(folder, "seventeen"), "17.0.15");
    const env = { JAVA_HOME: home, PATH: join(other, "bin") };
    expect(await findJava(env, [])).toEqual({ ok: true, tool: { home, version: "11.0.27" } });
  });

  test("17 in a usual folder is taken where JAVA_HOME and PATH are too new", async () => {
    const folder = temporaryFolder();
    const tooNew = fakeJava(join(folder, "new"), "21.0.7");
    const jvm = join(folder, "jvm");
    fakeJava(join(jvm, "java-8"), "1.8.0_392");
    const home = fakeJava(join(jvm, "java-17"), "17.0.15");
    fakeJava(join(jvm, "java-25"), "25");
    const env = { JAVA_HOME: tooNew, PATH: join(tooNew, "bin") };
    expect(await findJava(env, [jvm])).toEqual({ ok: true, tool: { home, version: "17.0.15" } });
  });

  test("8 does where there is no other", async () => {
    const jvm = temporaryFolder();
    const home = fakeJava(join(jvm, "java-8"), "1.8.0_392");
    expect(await findJava({ PATH: "" }, [jvm])).toMatchObject({ ok: true, tool: { home } });
  });

  test("of unfit versions is listed, wherever it lies", async () => {
    const folder = temporaryFolder();
    const tooNew = fakeJava(join(folder, "new"), "21.0.7");
    const jvm = join(folder, "jvm");
    const other = fakeJava(join(jvm, "java-25"), "25.0.1");
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const env = { JAVA_HOME: empty, PATH: join(tooNew, "bin") };
    expect(await findJava(env, [jvm])).toMatchObject({
      ok: false,
      problem: {
        found: [
          `JAVA_HOME=${empty} has no bin/java`,
          `PATH: ${tooNew}/bin/java is Java 21.0.7`,
          `${other} is Java 25.0.1`,
        ],
      },
    });
  });

  test("that is only a stub says what it said", async () => {
    const bin = temporaryFolder();
    const path = program(
      join(bin, "java"),
      "echo 'Unable to locate a Java Runtime.' >&2",
      "exit 1",
    );
    expect(await findJava({ PATH: bin }, [])).toMatchObject({
      ok: false,
      problem: { found: [`PATH: ${path} does not run: Unable to locate a Java Runtime.`] },
    });
  });
});

describe("Python", () => {
  test("too old as python3 gives way to a python3.12", async () => {
    const bin = temporaryFolder();
    fakePython(bin, "3.9.18");
    const path = fakePython(bin, "3.12.1", "-", "python3.12");
    expect(await findPython({ PATH: bin })).toEqual({
      ok: true,
      tool: { path, version: "3.12.1" },
    });
  });

  test("without venv is not taken, and the package that holds it is named", async () => {
    const bin = temporaryFolder();
    const path = fakePython(bin, "3.11.2", "ensurepip");
    const found = await findPython({ PATH: bin });
    expect(found).toMatchObject({
      ok: false,
      problem: { found: [`${path} is 3.11.2, without its module ensurepip`] },
    });
    if (process.platform === "linux" && !found.ok)
      expect(found.problem.remedy[0]).toContain("python3.11-venv");
  });
});

describe("versions", () => {
  test.each([
    ["1.10.0", "1.10.0", true],
    ["1.9.8", "1.10.0", false],
    ["1.10", "1.10.0", true],
    ["2.0.0-beta1", "1.10.0", true],
    ["20.9.0", "20.9.0", true],
    ["20.8.1", "20.9.0", false],
  ])("%s is at least %s: %s", (a, b, expected) => expect(atLeast(a, b)).toBe(expected));
});
