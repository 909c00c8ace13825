import { expect, test } from "vitest";
import { offsetOf } from "../../src/cli/aws-clock";

const SECOND = Date.parse("Mon, 23 Nov 2026 15:00:10 GMT");
const DATE = new Date(SECOND).toUTCString();

test.each([
  ["in the middle of the second", SECOND + 500, SECOND + 600],
  ["over its end", SECOND + 990, SECOND + 1_200],
  ["over its beginning", SECOND - 300, SECOND + 10],
  ["while much time passes", SECOND - 60_000, SECOND + 60_000],
])("an answer %s does not contradict this machine's clock", (_, sentAt, heardAt) => {
  expect(offsetOf(sentAt, heardAt, DATE)).toBe(0);
});

test("a clock that is wrong is put right to the second", () => {
  for (const wrong of [-3_600_000, -90_000, 90_000, 3_600_000]) {
    const offset = offsetOf(SECOND + 400 + wrong, SECOND + 500 + wrong, DATE);
    expect(Math.abs(offset + wrong)).toBeLessThanOrEqual(550);
  }
});

test.each([undefined, "", "yesterday"])("an answer dated %j says nothing", (date) => {
  expect(offsetOf(0, 1, date)).toBe(0);
});
