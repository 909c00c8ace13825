import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Failure } from "../../src/local/failure";
import { type MachinePaths, machinePaths } from "../../src/local/paths";
import { pipProgress, prepare, prepareVenv } from "../../src/local/python-environment";
import { program, temporaryFolder } from "./support/fake-tools";

/** A project with a Python that notes what it is asked; `pip` decides how its pip ends. */
function project(pip = "true") {
  const root = temporaryFolder();
  const paths = machinePaths(root);
  mkdirSync(paths.pythonPath, { recursive: true });
  writeFileSync(paths.requirements, "moto==5.2.5\n");
  const calls = join(root, "calls");
  const inVenv = [
    `echo "$*" >> ${calls}`,
    `case "$*" in`,
    `  *pip*) ${pip} ;;`,
    `  *--check*) test -d ${paths.jars} ;;`,
    `  *emulator.jars*) mkdir -p ${paths.jars} ;;`,
    "esac",
  ];
  const template = program(join(root, "template"), ...inVenv);
  const path = program(
    join(root, "python3"),
    `echo "$*" >> ${calls}`,
    `mkdir -p ${join(paths.venv, "bin")}`,
    `cp ${template} ${join(paths.venv, "bin", "python")}`,
  );
  return { paths, calls: () => readFileSync(calls, "utf8"), python: { path, version: "3.11.7" } };
}

function prepareIn(one: { paths: MachinePaths; python: { path: string; version: string } }) {
  const said: string[] = [];
  return prepare({
    paths: one.paths,
    env: process.env,
    python: one.python,
    java: { home: "/java", version: "17" },
    say: (text) => said.push(text),
    progress: () => {},
    defer: () => {},
  }).then(() => said);
}

test(".venv and the jars are made once, and both downloads are announced", async () => {
  const one = project();
  const said = await prepareIn(one);
  expect(said.join("\n")).toMatch(/downloading Python packages .* MB, once/);
  expect(said.join("\n")).toMatch(/downloading Spark's S3 file system .* MB, once/);
  expect(one.calls()).toMatch(/pip install --require-hashes -r/);
  const before = one.calls().match(/pip install/g);
  expect(await prepareIn(one)).toEqual([]);
  expect(one.calls().match(/pip install/g)).toEqual(before);
});

test("changed requirements are installed into the same .venv", async () => {
  const one = project();
  await prepareIn(one);
  const mark = join(one.paths.venv, "kept");
  writeFileSync(mark, "");
  writeFileSync(one.paths.requirements, "moto==5.2.6\n");
  await prepareIn(one);
  expect(one.calls().match(/pip install/g)).toHaveLength(2);
  expect(existsSync(mark)).toBe(true);
});

test("a tool has packages of its own, made once, without the jars", async () => {
  const one = project();
  const said: string[] = [];
  const context = {
    paths: one.paths,
    env: process.env,
    python: one.python,
    java: { home: "/java", version: "17" },
    say: (text: string) => said.push(text),
    defer: () => {},
  };
  const packages = { what: "a tool", megabytes: 7 };
  await prepareVenv(context, packages);
  expect(said).toEqual([
    "creating .venv with Python 3.11.7",
    "downloading Python packages (a tool): about 7 MB, once",
  ]);
  await prepareVenv(context, packages);
  expect(one.calls().match(/pip install/g)).toHaveLength(1);
  expect(one.calls()).not.toContain("emulator.jars");
});

test("another Python makes another .venv", async () => {
  const one = project();
  await prepareIn(one);
  const mark = join(one.paths.venv, "kept");
  writeFileSync(mark, "");
  await prepareIn({ ...one, python: { ...one.python, version: "3.12.1" } });
  expect(existsSync(mark)).toBe(false);
});

test("an install that was broken off is begun anew", async () => {
  const one = project("kill -9 $$");
  await expect(prepareIn(one)).rejects.toThrow(Failure);
  const mark = join(one.paths.venv, "half-unpacked");
  writeFileSync(mark, "");
  await expect(prepareIn(one)).rejects.toThrow(Failure);
  expect(existsSync(mark)).toBe(false);
});

test("pip's last words and its log are told when it fails", async () => {
  const one = project("echo 'ERROR: No matching distribution found for moto==5.2.5' >&2; exit 1");
  const error = (await prepareIn(one).catch((thrown: unknown) => thrown)) as Failure;
  expect(error).toBeInstanceOf(Failure);
  expect(error.text()).toContain("  | ERROR: No matching distribution found for moto==5.2.5");
  expect(error.text()).toContain("offline");
  expect(error.details.log).toBe(join(one.paths.state, "pip.log"));
});

test("two at once install once: the second says that it waits", async () => {
  const one = project("sleep 1");
  const [first, second] = await Promise.all([prepareIn(one), prepareIn(one)]);
  expect(one.calls().match(/pip install/g)).toHaveLength(1);
  expect([...first, ...second].filter((text) => text.includes("waiting"))).toHaveLength(1);
});

test.each([
  ["Downloading pyspark-3.5.6.tar.gz (317.4 MB)", "pyspark 3.5.6, 317.4 MB"],
  ["  Downloading duckdb-1.4.2-cp311-cp311-manylinux_2_27.whl (19.6 MB)", "duckdb 1.4.2, 19.6 MB"],
  ["Installing collected packages: a, b", "unpacking"],
  ["Collecting moto==5.2.5", undefined],
])("of pip's line %j is told: %j", (line, told) => expect(pipProgress(line)).toBe(told));
