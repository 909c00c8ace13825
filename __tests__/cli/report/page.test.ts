/// <reference lib="dom.iterable" />
/** The page in a real browser: it opens alone, holds its width, is readable, and takes text as text. */
import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StackJson } from "../../../src/cli/report/graph";
import { page } from "../../../src/cli/report/page";
import { reportOf } from "../../../src/cli/report/report";
import type { RunRecord, RunState } from "../../../src/cli/runs";
import { folderWith } from "../../support/folder";
import { environments } from "../../support/lake";
import { type Look, open, startChromium } from "./support/chromium";
import { faintTexts, overflows, overlaps } from "./support/readable";

const HOSTILE = `<script>document.title="taken"</script><img src=x onerror="document.title='taken'">"'&\u202e`;
const LOOKS: Look[] = [1280, 390].flatMap((width) =>
  (["light", "dark"] as const).map((scheme) => ({ width, scheme })),
);
const WRITTEN = new Date("2026-11-23T23:00:00Z");

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

const run = (state: RunState, more: Partial<RunRecord> = {}): RunRecord => ({
  name: `etl-2026-11-23-${state.toLowerCase()}`,
  source: "events",
  state,
  startedAt: new Date("2026-11-23T22:50:00Z"),
  endedAt: new Date("2026-11-23T22:53:20Z"),
  ...more,
});

const RUNS: RunRecord[] = [
  { ...run("RUNNING", { currentState: "StartEMRJob" }), endedAt: undefined },
  run("SUCCEEDED", {
    days: ["2026-11-23"],
    summary: {
      rows_read: 20_500,
      rows_written: 20_000,
      rows_quarantined: 500,
      files_read: 3,
      files_written: 1,
      bytes_read: 1,
      bytes_written: 1,
      seconds: 60,
      partitions: ["2026-11-23"],
    },
  }),
  run("FAILED", {
    failure: { state: "StartEMRJob", error: "JobFailed", cause: `${HOSTILE} ${"x".repeat(300)}` },
  }),
  run("TIMED_OUT", { source: undefined }),
  run("ABORTED", { source: HOSTILE }),
];

const written = new Map<string, string>();

/** The page of an environment as it is; its file. Laid out once for all looks. */
async function pageOf(name: string): Promise<string> {
  const text = written.get(name) ?? (await pageWith(name, (stack) => stack));
  written.set(name, text);
  return `${folderWith({ "report.html": text })}/report.html`;
}

/** The page of an environment with changes of its stack. */
async function pageWith(name: string, change: (stack: StackJson) => StackJson): Promise<string> {
  const lake = (await environments())[name];
  if (!lake) throw new Error(`there is no ${name}`);
  const environment = { name, variables: lake.variables };
  const stack = change(JSON.parse(lake.lake.text));
  return page(reportOf(environment, stack, { runs: RUNS }, WRITTEN));
}

describe.each(LOOKS)("at $width pixels, $scheme", (look) => {
  test.each(["prod", "local"])("%s opens alone, fits, and is readable", async (name) => {
    const { page, said, asked } = await open(browser, await pageOf(name), look);
    expect(said).toEqual([]);
    expect(asked).toEqual([]);
    expect(await overflows(page)).toEqual([]);
    expect(await overlaps(page)).toEqual([]);
    expect(await faintTexts(page)).toEqual([]);
    // With every fold open, which is as wide as it gets.
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll("details")) fold.open = true;
    });
    expect(await overflows(page)).toEqual([]);
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate(() =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(),
    );
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain("color-contrast");
  });
});

test("what is hostile is text, in runs and in the stack", async () => {
  const text = await pageWith("dev", (stack) => ({
    resource: { ...stack.resource, [`aws_${HOSTILE}`]: { [HOSTILE]: {} } },
  }));
  const file = `${folderWith({ "report.html": text })}/report.html`;
  const { page, said, asked } = await open(browser, file, { width: 390, scheme: "light" });
  expect(await page.title()).toBe("data-lake dev: data lake report");
  expect(await page.locator("script, img").count()).toBe(0);
  const shown = await page.locator("main").innerText();
  expect(shown).toContain('<script>document.title="taken"</script><img src=x');
  expect(shown).toContain("\\u202e");
  expect(shown).not.toContain("\u202e");
  expect({ said, asked }).toEqual({ said: [], asked: [] });
});

test("each state is told by a word and a sign of its own", async () => {
  const { page } = await open(browser, await pageOf("dev"), { width: 1280, scheme: "light" });
  const states = await page.locator(".runs .state").allInnerTexts();
  expect(states).toEqual(["▶ running", "✓ succeeded", "✕ failed", "◷ timed out", "■ stopped"]);
  const text = await page.locator("#runs").innerText();
  for (const words of [
    "in StartEMRJob",
    "20,000 rows",
    "500 quarantined",
    "3 min 20 s",
    "JobFailed",
  ])
    expect(text).toContain(words);
});

test("on paper every line of the cost is there", async () => {
  const { page } = await open(browser, await pageOf("dev"), { width: 1280, scheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const seen = await page
    .locator("#cost td")
    .evaluateAll((cells) =>
      cells.map((cell) => cell.checkVisibility({ contentVisibilityAuto: true })),
    );
  expect(seen.length).toBeGreaterThan(5);
  expect(seen).not.toContain(false);
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(22, 32, 46)");
});

test("without Chromium it is said how to get one", () => {
  expect(() => startChromium({ PATH: "/nowhere" })).toThrow("apt-get install -y chromium");
});
