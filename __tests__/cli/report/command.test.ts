/** `lake report` as a user runs it: its numbers are those of `lake check` and `lake cost`. */
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderWith } from "../../support/folder";
import { fakeAws } from "../support/fake-aws";
import { runLake } from "../support/lake";
import { open, startChromium } from "./support/chromium";

/** No account, and no long look for one. */
const NOBODY = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
  AWS_CONFIG_FILE: "/nowhere",
};

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

const figure = (value: number, digits = 0) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

test("writes a page with the numbers of check and cost, where there is no account too", async () => {
  const file = join(folderWith({}), "lake.html");
  const given = ["--var", "emr_max_workers=120", "--var", "monthly_budget_usd=40"];
  const [written, checked, priced] = await Promise.all([
    runLake(["report", "prod", "--out", file, ...given], NOBODY),
    runLake(["check", "prod", "--json", ...given]),
    runLake(["cost", "prod", "--json", ...given]),
  ]);
  expect(written.exitCode, written.stderr).toBe(0);
  expect(written.stdout).toBe(file);
  expect(written.stderr).toContain("warning: last runs: AWS does not say whose credentials");

  const [room] = JSON.parse(checked.stdout).environments;
  const [estimate] = JSON.parse(priced.stdout).environments;
  const { page, said } = await open(browser, file, { width: 1280, scheme: "light" });
  expect(said).toEqual([]);
  const bars = await page.locator("#capacity .amounts").allInnerTexts();
  const wanted = (["vcpu", "memoryGb", "diskGb"] as const).map((key) =>
    [room.asked[key], room.headroom[key], room.available[key]].map((value) => figure(value)),
  );
  expect(bars.map((text) => text.match(/[\d,.]+/g))).toEqual(wanted);
  const capacity = await page.locator("#capacity .facts").innerText();
  for (const { usdPerHour } of [room.asked, room.available])
    expect(capacity).toContain(`$${figure(usdPerHour, 2)}`);

  const total = figure(estimate.totalUsd, 2);
  expect(await page.locator("#cost .total").innerText()).toBe(`$${total}`);
  expect(await page.locator(".tiles").innerText()).toContain(`$${total}`);
  const rows = await page.locator("#cost td").allTextContents();
  const lines: { usd: number }[] = estimate.lines;
  const shown = lines.filter(({ usd }) => usd >= 0.005).map(({ usd }) => figure(usd, 2));
  expect(rows.sort()).toEqual(shown.sort());
  // The budget is far below: in words.
  expect(await page.locator("#cost .lead").innerText()).toContain("▲ over the budget of $40.00");
  expect(await page.locator("#runs").innerText()).toContain(
    "Not known: AWS does not say whose credentials these are: ",
  );
});

test("runs of another account's lake are not told as this one's", async () => {
  const file = join(folderWith({}), "lake.html");
  const endpoint = await fakeAws({ account: "210987654321" });
  const { exitCode, stderr } = await runLake(
    ["report", "dev", "--out", file, "--var", "account_id=123456789012"],
    { ...NOBODY, AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", AWS_ENDPOINT_URL: endpoint },
  );
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("account 210987654321");
  expect(readFileSync(file, "utf8")).toContain("dev may touch 123456789012 alone");
});

test.each([
  [["report", "prud"], "Did you mean prod?"],
  [["report"], "missing required argument"],
  [["report", "dev", "--var", "emr_max_workers=3"], "emr_max_workers: Spark asks"],
  [
    ["report", "dev", "--out", "/nowhere/at/all.html"],
    "there is no folder /nowhere/at. Make it, or name",
  ],
])("%j is refused, with exit code 1 and no stack", async (args, words) => {
  const { stdout, stderr, exitCode } = await runLake(args, NOBODY);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(existsSync("/nowhere/at/all.html")).toBe(false);
});

describe("a file that cannot be written is refused before anything is done:", () => {
  test.each([
    ["", "--out: expected a file's name; got nothing. Write --out lake-report-dev.html"],
    ["IT", "got the folder IT. Write --out IT/lake-report-dev.html"],
    ["IT/new/", "got the folder IT/new/. Write --out"],
    ["IT/no/x.html", "there is no folder IT/no. Make it, or name another file"],
    ["IT/a.file/x.html", "there is no folder IT/a.file. Make it"],
  ])("%j", async (given, words) => {
    const folder = folderWith({ "a.file": "" });
    const out = given.replace("IT", folder);
    const { stdout, stderr, exitCode } = await runLake(["report", "dev", "--out", out], NOBODY);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
    expect(stderr).toMatch(/^error: --out[^\n]*$/);
    expect(stderr).toContain(words.replaceAll("IT", folder));
  });

  // Nothing is closed to root.
  test.skipIf(process.getuid?.() === 0)("one that is read only", async () => {
    const file = join(folderWith({ "a.file": "" }), "a.file");
    chmodSync(file, 0o444);
    const { stderr, exitCode } = await runLake(["report", "dev", "--out", file], NOBODY);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `error: --out ${file}: ${file} is not writable. Name another file with --out FILE.`,
    );
  });
});
