import { expect, test } from "vitest";
import { lakeWith } from "./support/lake";

const BOUNDARY = "arn:aws:iam::123456789012:policy/boundary";

/** Every role of a lake that has them all. */
const roles = (values: Record<string, unknown>) =>
  Object.entries(lakeWith({ enable_vpc: true, ...values }).lake.all("aws_iam_role"));

test("every role has the environment's path and boundary", () => {
  const all = roles({ iam_role_path: "/data/lake/", iam_permissions_boundary: BOUNDARY });
  expect(all.length).toBeGreaterThan(5);
  for (const [name, { path, permissions_boundary }] of all)
    expect([path, permissions_boundary], name).toEqual(["/data/lake/", BOUNDARY]);
});

test("without a word said, roles lie at / and have no boundary", () => {
  for (const [name, { path, permissions_boundary }] of roles({}))
    expect([path, permissions_boundary], name).toEqual(["/", undefined]);
});
