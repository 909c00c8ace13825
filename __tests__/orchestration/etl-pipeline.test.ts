import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EtlPipeline, type EtlPipelineProps } from "../../src/orchestration/etl-pipeline";
import { Place } from "../../src/place";
import { KEY, PLACE } from "../support/aws";
import { DEFINITION_PROPS } from "../support/definition-props";
import { folderWith } from "../support/folder";
import { type Block, ref, statement, statements, synthScope } from "../support/synth";

function synth(change: Partial<EtlPipelineProps> = {}) {
  const { validateFunctionArn, locksTableName, ...definition } = DEFINITION_PROPS;
  const props: EtlPipelineProps = {
    stateMachineName: "lake-etl-dev",
    roleName: "lake-stepfunctions-dev",
    validateFunctionName: "lake-validate-dev",
    validateRoleName: "lake-validate-dev",
    validateZipPath: join(folderWith({ "validate.zip": "zip" }), "validate.zip"),
    locksTableName,
    retainData: true,
    place: PLACE,
    key: KEY,
    logGroupNames: {
      etlPipeline: "/aws/vendedlogs/states/lake-etl-dev",
      validate: "/aws/lambda/lake-validate-dev",
    },
    landing: { name: "landing", arn: "arn:aws:s3:::landing" },
    etl: { name: "etl", arn: "arn:aws:s3:::etl" },
    applicationArn: "arn:application",
    crawlerArn: "arn:crawler",
    definition,
    logRetentionDays: 30,
    ...change,
  };
  return synthScope((scope) => new EtlPipeline(scope, "pipeline", props));
}

describe("the state machine", () => {
  const machine = () => synth().resource("aws_sfn_state_machine", "etl_pipeline");

  test("runs the definition, which calls the function made here", () => {
    expect(machine().name).toBe("lake-etl-dev");
    expect(JSON.parse(machine().definition).States.ValidateInput.Resource).toBe(
      ref("aws_lambda_function.validate.arn"),
    );
  });

  test("logs its errors with their data, to a group that ends its entries", () => {
    expect(machine().logging_configuration).toEqual({
      level: "ERROR",
      include_execution_data: true,
      log_destination: `${ref("aws_cloudwatch_log_group.etl_pipeline.arn")}:*`,
    });
    const group = synth({ logRetentionDays: 7 }).resource(
      "aws_cloudwatch_log_group",
      "etl_pipeline",
    );
    // Groups of this prefix do not count against the size of the account's resource policies.
    expect(group).toEqual({
      name: "/aws/vendedlogs/states/lake-etl-dev",
      retention_in_days: 7,
      kms_key_id: KEY.arn,
    });
  });

  test("encrypts its definition and history, and its role may for this machine alone", () => {
    expect(machine().encryption_configuration).toEqual({
      type: "CUSTOMER_MANAGED_KMS_KEY",
      kms_key_id: KEY.arn,
      kms_data_key_reuse_period_seconds: 300,
    });
    const { policy } = synth().resource("aws_iam_role_policy", "stepfunctions");
    expect(statement(policy, "UseKeyForExecutions")).toMatchObject({
      Resource: KEY.arn,
      Condition: {
        StringEquals: {
          "kms:EncryptionContext:aws:states:stateMachineArn":
            "arn:aws:states:us-east-1:123456789012:stateMachine:lake-etl-dev",
        },
      },
    });
  });

  test("is made after its role may do what it does", () => {
    expect(machine().depends_on).toEqual(["aws_iam_role_policy.stepfunctions"]);
  });
});

describe("the table of locks", () => {
  test("has the name and the protection that the pipeline is told", () => {
    const table = (retainData: boolean) =>
      synth({ retainData }).resource("aws_dynamodb_table", "locks");
    expect(table(true)).toMatchObject({
      name: "lake-locks-local",
      deletion_protection_enabled: true,
    });
    expect(table(false).deletion_protection_enabled).toBe(false);
  });

  test("is the one that the definition writes to, at every call", () => {
    const { definition } = synth().resource("aws_sfn_state_machine", "etl_pipeline");
    const calls = Object.values<Block>(JSON.parse(definition).States).filter(({ Resource }) =>
      Resource?.includes("dynamodb"),
    );
    expect(calls).toHaveLength(22);
    for (const call of calls)
      expect(call.Parameters.TableName).toBe(ref("aws_dynamodb_table.locks.name"));
  });
});

describe("the state machine's role", () => {
  const policyOf = (change: Partial<EtlPipelineProps> = {}) =>
    synth(change).resource("aws_iam_role_policy", "stepfunctions").policy;
  const may = (sid: string) => {
    const { Action, Resource } = statement(policyOf(), sid);
    return [Action, Resource];
  };

  test("is for Step Functions of the account alone", () => {
    const role = synth().resource("aws_iam_role", "stepfunctions");
    expect(role.name).toBe("lake-stepfunctions-dev");
    expect(statements(role.assume_role_policy)).toMatchObject([
      {
        Principal: { Service: "states.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  test("starts jobs of this application, follows and cancels them", () => {
    expect(may("StartJobRun")).toEqual(["emr-serverless:StartJobRun", "arn:application"]);
    expect(may("FollowJobRun")).toEqual([
      ["emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"],
      "arn:application/jobruns/*",
    ]);
  });

  test("hands the job's role to EMR Serverless and to no other service", () => {
    expect(statement(policyOf(), "PassRole")).toMatchObject({
      Action: "iam:PassRole",
      Resource: DEFINITION_PROPS.executionRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "emr-serverless.amazonaws.com" } },
    });
  });

  test("keeps the one rule by which Step Functions waits for a job", () => {
    expect(may("WaitForJobRun")).toEqual([
      ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
      "arn:aws:events:us-east-1:123456789012:rule/StepFunctionsGetEventsForEMRServerlessJobRule",
    ]);
    expect(
      statement(
        policyOf({ place: new Place("aws-us-gov", "us-gov-west-1", PLACE.accountId) }),
        "WaitForJobRun",
      ).Resource,
    ).toMatch(/^arn:aws-us-gov:events:us-gov-west-1:/);
  });

  test("validates, crawls and reports, each on the one resource", () => {
    expect(may("InvokeValidate")).toEqual([
      "lambda:InvokeFunction",
      ref("aws_lambda_function.validate.arn"),
    ]);
    expect(may("Crawl")).toEqual([["glue:StartCrawler", "glue:GetCrawler"], "arn:crawler"]);
    expect(may("Report")).toEqual(["sns:Publish", DEFINITION_PROPS.topicArn]);
  });

  test("takes and gives back locks, and asks after those who hold them", () => {
    expect(may("Lock")).toEqual([
      ["dynamodb:UpdateItem", "dynamodb:GetItem"],
      ref("aws_dynamodb_table.locks.arn"),
    ]);
    expect(may("DescribeOwner")).toEqual([
      "states:DescribeExecution",
      "arn:aws:states:us-east-1:123456789012:execution:lake-etl-dev:*",
    ]);
    expect(may("StartRest")).toEqual([
      "states:StartExecution",
      "arn:aws:states:us-east-1:123456789012:stateMachine:lake-etl-dev",
    ]);
    expect(may("ListJobsOfOwner")).toEqual(["emr-serverless:ListJobRuns", "arn:application"]);
  });

  test("may do what the definition calls", () => {
    // Services that policies know by another name.
    const prefixes: Record<string, string> = { emrserverless: "emr-serverless", sfn: "states" };
    const actions = statements(policyOf()).flatMap(({ Action }) => Action);
    const { definition } = synth().resource("aws_sfn_state_machine", "etl_pipeline");
    const called = [
      ...definition.matchAll(/"arn:aws:states:::(?:aws-sdk:)?([a-z-]+):([A-Za-z]+)/g),
    ];
    expect(called.length).toBeGreaterThan(0);
    for (const [, service = "", action] of called)
      expect(actions.map((one: string) => one.toLowerCase())).toContain(
        `${prefixes[service] ?? service}:${action}`.toLowerCase(),
      );
  });
});

describe("the function that validates", () => {
  test("knows the buckets and the sources' configuration", () => {
    expect(synth().the("aws_lambda_function").environment.variables).toEqual({
      LANDING_BUCKET: "landing",
      ETL_BUCKET: "etl",
      SOURCES_KEY: "config/sources.json",
    });
  });

  test("lists raw/ and reads the one configuration file, and no data", () => {
    const { policy } = synth().resource("aws_iam_role_policy", "validate");
    expect(statements(policy).map(({ Sid }) => Sid)).toEqual([
      "WriteLogs",
      "ListRaw",
      "ReadSources",
      "UseKey",
    ]);
    expect(statement(policy, "ListRaw")).toMatchObject({
      Action: "s3:ListBucket",
      Resource: "arn:aws:s3:::landing",
      Condition: { StringLike: { "s3:prefix": ["raw/*"] } },
    });
    expect(statement(policy, "ReadSources")).toMatchObject({
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::etl/config/sources.json",
    });
  });
});
