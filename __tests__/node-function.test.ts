import { join } from "node:path";
import { expect, test } from "vitest";
import { allow } from "../src/iam";
import { NodeFunction, type NodeFunctionProps } from "../src/node-function";
import { KEY } from "./support/aws";
import { folderWith } from "./support/folder";
import { ref, statement, statements, synthScope } from "./support/synth";

function synth(change: Partial<NodeFunctionProps> = {}) {
  const props: NodeFunctionProps = {
    functionName: "lake-validate-dev",
    roleName: "lake-validate-role",
    description: "Counts",
    logGroupName: "/aws/lambda/lake-validate-dev",
    keyArn: KEY.arn,
    zipPath: join(folderWith({ "validate.zip": "zip" }), "validate.zip"),
    timeoutSeconds: 60,
    memoryMb: 256,
    environment: { LANDING_BUCKET: "landing" },
    statements: [allow("Count", "s3:ListBucket", "arn:bucket")],
    logRetentionDays: 30,
    ...change,
  };
  return synthScope((scope) => new NodeFunction(scope, "validate", props));
}

test("a function, its role, its permissions and its log group share one address name", () => {
  expect(synth().addresses()).toEqual([
    "aws_cloudwatch_log_group.validate",
    "aws_iam_role.validate",
    "aws_iam_role_policy.validate",
    "aws_lambda_function.validate",
  ]);
});

test("it runs the zip's handler on a Node that Lambda still creates, on ARM", () => {
  const stack = synth();
  const { filename, source_code_hash, ...rest } = stack.the("aws_lambda_function");
  expect(rest).toEqual({
    function_name: "lake-validate-dev",
    description: "Counts",
    role: ref("aws_iam_role.validate.arn"),
    logging_config: {
      log_format: "JSON",
      log_group: ref("aws_cloudwatch_log_group.validate.name"),
    },
    kms_key_arn: KEY.arn,
    runtime: "nodejs22.x",
    architectures: ["arm64"],
    handler: "index.handler",
    timeout: 60,
    memory_size: 256,
    environment: { variables: { LANDING_BUCKET: "landing" } },
  });
  expect(filename).toMatch(/\/validate\.zip$/);
  // Terraform hashes what it uploads: an unchanged zip is no change.
  expect(source_code_hash).toBe(ref(`filebase64sha256("${filename}")`));
});

test("its log group exists before it does, and ends its entries", () => {
  expect(synth({ logRetentionDays: 7 }).the("aws_cloudwatch_log_group")).toEqual({
    name: "/aws/lambda/lake-validate-dev",
    retention_in_days: 7,
    kms_key_id: KEY.arn,
  });
});

test("it may write its own log and what it is given, and nothing else", () => {
  const { policy } = synth().the("aws_iam_role_policy");
  expect(statements(policy).map(({ Sid }) => Sid)).toEqual(["WriteLogs", "Count"]);
  expect(statement(policy, "WriteLogs").Resource).toBe(
    `${ref("aws_cloudwatch_log_group.validate.arn")}:*`,
  );
});

test("its role is for Lambda alone", () => {
  const role = synth().the("aws_iam_role");
  expect(role.name).toBe("lake-validate-role");
  expect(statements(role.assume_role_policy)).toMatchObject([
    {
      Principal: { Service: "lambda.amazonaws.com" },
    },
  ]);
});
