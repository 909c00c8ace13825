import { expect, test, vi } from "vitest";
import { log } from "../../../lambda/shared/log";

test("one line is one JSON object, to the stream of its level", () => {
  const lines: [stream: string, line: string][] = [];
  const info = vi.spyOn(console, "info").mockImplementation((line) => lines.push(["info", line]));
  const error = vi
    .spyOn(console, "error")
    .mockImplementation((line) => lines.push(["error", line]));
  log("info", "started", { name: "etl-1" });
  log("error", "could not\nstart", { name: "etl-2" });
  info.mockRestore();
  error.mockRestore();
  expect(lines.map(([stream, line]) => [stream, JSON.parse(line)])).toEqual([
    ["info", { level: "info", message: "started", name: "etl-1" }],
    ["error", { level: "error", message: "could not\nstart", name: "etl-2" }],
  ]);
  for (const [, line] of lines) expect(line).not.toContain("\n");
});
