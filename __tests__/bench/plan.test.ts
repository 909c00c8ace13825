import { expect, test } from "vitest";
import { resourcesIn } from "./plan";

test("resources are those that the plan says it adds, in colour or not", () => {
  expect(resourcesIn("x\nPlan: 120 to add, 0 to change, 0 to destroy.\n")).toBe(120);
  expect(resourcesIn("\u001b[1mPlan:\u001b[0m 7 to add, 0 to change, 0 to destroy.")).toBe(7);
});

test.each(["Plan: 1 to add, 2 to change, 0 to destroy.", "No changes.", ""])(
  "a plan of anything else is refused: %s",
  (output) => expect(() => resourcesIn(output)).toThrow("no plan that adds alone"),
);
