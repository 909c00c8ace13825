import { expect, test } from "vitest";
import { countsByType, type StackJson, stockProgram } from "./synth-stock-program";

const STACK: StackJson = {
  terraform: { backend: { s3: { bucket: "state", use_lockfile: true } } },
  provider: { aws: [{ region: "us-east-1", default_tags: [{ tags: { my_tag: "a" } }] }] },
  data: { aws_caller_identity: { current: { "//": {} } } },
  resource: {
    aws_s3_bucket: { landing: { force_destroy: true, depends_on: ["x"], tags: { a_b: "c" } } },
    aws_s3_bucket_logging: { landing: { bucket: "b" }, etl: { bucket: "c" } },
    aws_lambda_function: {
      trigger: { environment: { variables: { ETL_BUCKET: "b", a_b: "c" } }, layers: [{ a_b: 1 }] },
    },
  },
};

test("names become properties, but for keys that are the user's own", () => {
  const { a } = JSON.parse(stockProgram({ a: STACK })["stacks.json"]);
  expect(a).toEqual({
    s3: { bucket: "state" },
    provider: { region: "us-east-1", defaultTags: [{ tags: { my_tag: "a" } }] },
    outputs: {},
    elements: {
      aws_s3_bucket: { landing: { forceDestroy: true, tags: { a_b: "c" } } },
      aws_s3_bucket_logging: { landing: { bucket: "b" }, etl: { bucket: "c" } },
      aws_lambda_function: {
        trigger: {
          environment: { variables: { ETL_BUCKET: "b", a_b: "c" } },
          layers: [{ aB: 1 }],
        },
      },
      data_aws_caller_identity: { current: {} },
    },
  });
});

test("the program imports from the packages' roots, and makes each type by its own class", () => {
  const { "main.ts": program } = stockProgram({ a: STACK });
  expect(program.match(/from "[^"]+"/g)).toEqual(
    ["fs", "constructs", "cdktf", "@cdktf/provider-aws"].map((name) => `from "${name}"`),
  );
  expect(program.match(/new \w+\.\w+\(/g)).toEqual([
    "new provider.AwsProvider(",
    "new lambdaFunction.LambdaFunction(",
    "new s3Bucket.S3Bucket(",
    "new s3BucketLogging.S3BucketLoggingA(",
    "new dataAwsCallerIdentity.DataAwsCallerIdentity(",
  ]);
});

test("types are counted over all stacks, data sources apart", () => {
  expect(countsByType({ a: STACK, b: { ...STACK, data: {} } })).toEqual({
    aws_lambda_function: 2,
    aws_s3_bucket: 2,
    aws_s3_bucket_logging: 4,
    data_aws_caller_identity: 1,
  });
});
