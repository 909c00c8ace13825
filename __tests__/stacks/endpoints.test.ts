/** What passes the VPC's endpoints is what the job's role may do: less breaks it, more is a way out. */
import { beforeAll, expect, test } from "vitest";
import { type Lake, lakeWith } from "../support/lake";
import { type Block, statements } from "../support/synth";

let lake: Lake["lake"];
let role: Block[];

beforeAll(() => {
  ({ lake } = lakeWith({ enable_vpc: true }));
  role = statements(lake.resource("aws_iam_role_policy", "emr_execution").policy);
});

/** Actions of one service in these statements. */
const actions = (of: Block[], service: string): string[] =>
  [...new Set(of.flatMap(({ Action }): string[] => [Action].flat()))]
    .filter((action) => action.startsWith(`${service}:`))
    .sort();

/** What stands for a call of S3: the action, and the bucket, or all objects of it. */
const onBuckets = (of: Block[]): string[] =>
  of.flatMap((statement) =>
    actions([statement], "s3").flatMap((action) =>
      [statement.Resource].flat().map((arn: string) => `${action} ${arn.replace(/\/.*/, "/*")}`),
    ),
  );

const throughEndpoint = (service: string): Block[] =>
  statements(lake.resource("aws_vpc_endpoint", service).policy).filter(
    // EMR Serverless's, not the job's.
    ({ Sid }) => Sid !== "EMRServerlessManagedLogging",
  );

test("S3's lets through all that the job does with its buckets", () => {
  const passed = new Set(onBuckets(throughEndpoint("s3")));
  expect(onBuckets(role).filter((call) => !passed.has(call))).toEqual([]);
});

test("S3's lets through no bucket that the role does not name", () => {
  const buckets = (of: Block[]) =>
    [...new Set(onBuckets(of).map((call) => call.split(" ")[1]))].sort();
  expect(buckets(throughEndpoint("s3"))).toEqual(buckets(role));
});

test.each(["s3", "glue", "logs"])("%s's lets through the role's actions alone", (service) => {
  expect(actions(role, service).length).toBeGreaterThan(0);
  expect(actions(throughEndpoint(service), service)).toEqual(actions(role, service));
});

test("every service that the job's role may call has an endpoint, but those called for it", () => {
  const called = role.flatMap(({ Action }): string[] => [Action].flat());
  const services = new Set(called.map((action) => action.split(":")[0] ?? ""));
  // S3 calls KMS itself for what it encrypts.
  services.delete("kms");
  expect([...services].sort()).toEqual(Object.keys(lake.all("aws_vpc_endpoint")));
});
