/** docs/licences.md is what the locks hold: `npm run licences` writes it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { machinePaths } from "../../../src/local/paths";
import { venvPython } from "../../../src/local/python-environment";
import { ROOT } from "../../support/lake";
import { components, PYTHON_LICENCES, REQUIREMENTS } from "./components";
import { isAllowed, markdown, objection, REVIEWED } from "./licences";

const all = components();

test("every component has a licence that is allowed, or was looked up", () => {
  expect(all.map(objection).filter((one) => one !== undefined)).toEqual([]);
});

test("what was looked up is still there, and still needs it", () => {
  for (const purl of Object.keys(REVIEWED)) {
    const one = all.find((component) => component.purl === purl);
    expect(one, purl).toBeDefined();
    expect(isAllowed(one?.licence ?? ""), purl).toBe(false);
  }
});

test("docs/licences.md is current", async () => {
  await expect(markdown(all)).toMatchFileSnapshot(join(ROOT, "docs", "licences.md"));
});

test.each([
  ["MIT", true],
  ["GPL-3.0-only", false],
  ["AGPL-3.0-or-later", false],
  ["LGPL-2.1", false],
  ["(MIT OR GPL-3.0-or-later)", true],
  ["MIT AND GPL-3.0-only", false],
  ["MPL-2.0 AND (Apache-2.0 OR MIT)", true],
  ["GPL-2.0 OR (MIT AND LGPL-3.0)", false],
  ["MIT OR", false],
  ["(MIT", false],
  ["MIT GPL-3.0", false],
  ["", false],
  ["UNLICENSED", false],
  ["SEE LICENSE IN LICENSE", false],
])("the expression %j is allowed: %s", (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});

/** Python environments of this project that are made, each from one file of requirements. */
const PYTHONS = [
  venvPython(machinePaths(ROOT)),
  join(machinePaths(ROOT).state, "checkov", "bin", "python"),
].filter((python) => existsSync(python));

test("Python packages are listed with the licence that they say themselves", () => {
  expect(PYTHONS.length).toBeGreaterThan(0);
  const script = join(dirname(fileURLToPath(import.meta.url)), "python_licences.py");
  // What the environment itself brings along is in no lock.
  const own = ["pip", "setuptools", "wheel"];
  for (const python of PYTHONS)
    for (const [name, licence] of Object.entries(
      JSON.parse(execFileSync(python, [script], { encoding: "utf8" })),
    )) {
      const listed = PYTHON_LICENCES[name];
      // Two versions may say it in two ways.
      if (!own.includes(name) && licence !== listed)
        expect(isAllowed(String(licence)) && listed !== undefined, `${name}: ${licence}`).toBe(
          true,
        );
    }
});

test("no package is listed that nothing requires", () => {
  // In a checkout without Checkov's requirements, its packages are not known.
  if (REQUIREMENTS.length < 2) return;
  const names = new Set(all.filter(({ kind }) => kind === "Python").map(({ name }) => name));
  expect(Object.keys(PYTHON_LICENCES).filter((name) => !names.has(name))).toEqual([]);
});
