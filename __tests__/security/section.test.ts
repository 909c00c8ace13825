import { expect, test } from "vitest";
import { inText, share } from "./section";

test("figures come first, and what is wrong last, with where it was found", () => {
  const sections = [
    { title: "Rules: 2", lines: ["checks passed 3"], faults: [] },
    { title: "Checkov", lines: [], faults: ["a bucket is open", "another too"] },
  ];
  expect(inText(sections)).toBe(
    [
      "Rules: 2",
      "  checks passed 3",
      "Checkov",
      "failed 2",
      "  Checkov: a bucket is open",
      "  Checkov: another too",
    ].join("\n"),
  );
});

test("nothing wrong is said to be nothing", () => {
  expect(inText([{ title: "Rules", lines: [], faults: [] }])).toBe("Rules\nfailed 0");
});

test("a share is a hundred percent only when it is all", () => {
  expect(share(1000, 1000)).toBe("1000 of 1000 (100 %)");
  expect(share(999, 1000)).toBe("999 of 1000 (99 %)");
  expect(share(0, 0)).toBe("0 of 0 (0 %)");
});
