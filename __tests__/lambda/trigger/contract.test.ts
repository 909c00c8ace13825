import { describe, expect, test } from "vitest";
import { objectEventSchema } from "../../../lambda/trigger/contract";

describe("an event of an object", () => {
  const event = (object: object) => ({ detail: { bucket: { name: "b" }, object } });

  test("is read whatever else it carries", () => {
    const read = objectEventSchema.parse({ ...event({ key: "k", size: 3, etag: "e" }), id: "1" });
    expect(read).toEqual({ "detail-type": "Object Created", ...event({ key: "k", size: 3 }) });
  });

  test("without a size counts as one that holds something", () => {
    expect(objectEventSchema.parse(event({ key: "k" })).detail.object.size).toBe(1);
  });

  test.each([
    ["no key", {}],
    ["an empty key", { key: "" }],
    ["a size below zero", { key: "k", size: -1 }],
    ["a size in words", { key: "k", size: "3" }],
  ])("with %s is refused", (_, object) => {
    expect(objectEventSchema.safeParse(event(object)).success).toBe(false);
  });
});
