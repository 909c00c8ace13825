/** What is quoted of a synthesis that fails, of what a real Node.js says then. */
import { execa } from "execa";
import { expect, test } from "vitest";
import { causeIn } from "../../../src/cli/report/synthesis";

async function said(program: string): Promise<string> {
  const options = { all: true, reject: false, env: { NO_COLOR: "1" } } as const;
  const { all } = await execa(process.execPath, ["--eval", program], options);
  return all;
}

const DEEP = "Error.stackTraceLimit = 50; const deep = (n, end) => (n ? deep(n - 1, end) : end());";

test("the error, however deep it was thrown, and none of its stack", async () => {
  const text = await said(`${DEEP} deep(30, () => { throw new TypeError("no such\\nbucket"); });`);
  expect(text.match(/^\s+at /gm)?.length).toBeGreaterThan(20);
  expect(causeIn(text)).toBe("TypeError: no such\nbucket");
});

test("with a code and a cause, both", async () => {
  const cause = causeIn(
    await said(
      `${DEEP} deep(30, () => { try { require("node:fs").readFileSync(5, 5, 5).x; } catch (cause) { throw new Error("outer", { cause }); } });`,
    ),
  );
  expect(cause).toMatch(/^Error: outer\b/);
  expect(cause).toMatch(/\[cause\]: .*Error/);
  expect(cause).not.toMatch(/^\s+at /m);
});

test("what it says itself, where nothing was thrown", async () => {
  expect(
    causeIn(await said('console.error("dev: emr_max_workers: no"); process.exitCode = 1;')),
  ).toBe("dev: emr_max_workers: no");
});

test("no more than a screen has room for", async () => {
  const lines = causeIn(await said('throw new Error("line\\n".repeat(40));')).split("\n");
  expect(lines).toHaveLength(12);
  expect(lines[0]).toBe("Error: line");
});
