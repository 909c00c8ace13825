import { describe, expect, test } from "vitest";
import { diskFinding, localAwsFinding, packagesFinding } from "../../../src/cli/doctor/machine";

test("packages that are not made are a warning: the next start makes them", () => {
  expect(packagesFinding(true).level).toBe("ok");
  expect(packagesFinding(false)).toMatchObject({ level: "warning", remedy: ["npm start"] });
});

describe("the disk", () => {
  const none = { venv: false, provider: false };
  const both = { venv: true, provider: true };
  test.each([
    [0.5e9, none, "ok"],
    [0.4e9, none, "missing"],
    [2.6e9, both, "missing"],
    [2.7e9, both, "ok"],
    [1.4e9, { venv: false, provider: true }, "ok"],
  ])("with %d bytes free and %j to come is %s", (free, lacks, level) => {
    expect(diskFinding(free, "/work", lacks).level).toBe(level);
  });

  test("that is too small names what needs the room", () => {
    expect(diskFinding(1e9, "/work", both)).toMatchObject({
      what: "1.0 GB free in /work, and 2.7 GB are needed",
      why: "for .venv 1.3 GB, the AWS provider 900.0 MB, work 500.0 MB",
    });
  });
});

describe("the local AWS", () => {
  const record = {
    pid: 7,
    port: 4566,
    endpoint: "http://127.0.0.1:4566",
    startedAt: "2026-11-23T12:00:00Z",
    region: "us-east-1",
    ready: true,
  };
  test.each([
    [{ state: "running", record }, true, "ok", "runs at http://127.0.0.1:4566 (process 7)"],
    [{ state: "running", record: { ...record, ready: false } }, true, "warning", "being set up"],
    [{ state: "silent", record }, true, "missing", "does not answer"],
    [{ state: "silent", record }, false, "warning", "does not answer"],
    [{ state: "gone", record }, true, "missing", "not running"],
    [{ state: "none" }, true, "missing", "not running"],
    [{ state: "none" }, false, "ok", "not running, and npm start needs none"],
  ] as const)("%j, needed: %s, is %s: %s", (status, needed, level, words) => {
    const finding = localAwsFinding(status, needed, false);
    expect(finding).toMatchObject({ level, what: expect.stringContaining(words) });
    if (level === "missing") expect(finding.remedy?.join()).toContain("npx lake local up");
  });

  test("whose port is another program's will take another", () => {
    expect(localAwsFinding({ state: "none" }, false, true).what).toContain("port 4566 is another");
    expect(localAwsFinding({ state: "none" }, true, true).level).toBe("missing");
  });
});
