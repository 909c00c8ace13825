import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SparkJob, type SparkJobProps } from "../../src/processing/spark-job";
import { KEY, PLACE } from "../support/aws";
import { folderWith } from "../support/folder";
import { ref, type Synthesized, statement, statements, synthScope } from "../support/synth";

const bucket = (name: string) => ({ name, arn: `arn:aws:s3:::${name}` });
const SOURCES = {
  weather: { format: "csv", schema: "id BIGINT", layout: "iceberg" },
  flights: { format: "json", layout: "iceberg" },
  plain: { format: "json", layout: "parquet" },
};

function synth(
  script = "print()",
  tableLists: SparkJobProps["tableLists"] = [["flights", "weather"]],
): { stack: Synthesized; job: SparkJob } {
  const folder = folderWith({ "etl.py": script, "lake-0123.zip": "zip" });
  const made: SparkJob[] = [];
  const stack = synthScope((scope) => {
    made.push(
      new SparkJob(scope, "job", {
        roleName: "lake-emr-execution-dev",
        place: PLACE,
        key: KEY,
        databaseName: "lake_processed_dev",
        landing: bucket("landing"),
        processed: bucket("processed"),
        etl: bucket("etl"),
        logGroupArn: "arn:group",
        script: { name: "etl.py", path: join(folder, "etl.py") },
        packagesPath: join(folder, "lake-0123.zip"),
        sources: SOURCES,
        tableLists,
      }),
    );
  });
  return { stack, job: made[0] as SparkJob };
}

describe("the job's code", () => {
  test("is where the job's URIs say", () => {
    const { stack, job } = synth();
    const uri = (name: string) => {
      const object = stack.resource("aws_s3_object", name);
      return `s3://${object.bucket}/${object.key}`;
    };
    expect(uri("spark_job")).toBe("s3://etl/spark/jobs/etl.py");
    expect(uri("spark_packages")).toBe("s3://etl/spark/jobs/lake.zip");
    expect(uri("sources")).toBe("s3://etl/config/sources.json");
    expect([job.entryPoint, job.packages, job.config]).toEqual([
      uri("spark_job"),
      uri("spark_packages"),
      uri("sources"),
    ]);
  });

  test("is uploaded again where its content has changed, and not otherwise", () => {
    const hash = (script: string) =>
      synth(script).stack.resource("aws_s3_object", "spark_job").source_hash;
    expect(hash("print(1)")).toBe(hash("print(1)"));
    expect(hash("print(1)")).not.toBe(hash("print(2)"));
  });
});

test("the sources are written as the job reads them", () => {
  const sources = synth().stack.resource("aws_s3_object", "sources");
  expect(sources.content_type).toBe("application/json");
  expect(JSON.parse(sources.content)).toEqual(SOURCES);
});

describe("the job's role", () => {
  const policyOf = () => synth().stack.the("aws_iam_role_policy").policy;

  test("is for EMR Serverless of the account alone", () => {
    const role = synth().stack.the("aws_iam_role");
    expect(role.name).toBe("lake-emr-execution-dev");
    expect(statements(role.assume_role_policy)).toMatchObject([
      {
        Principal: { Service: "emr-serverless.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  test("reads what has landed and cannot change it", () => {
    const raw = statements(policyOf()).filter(({ Resource }) =>
      [Resource].flat().some((arn: string) => arn.startsWith("arn:aws:s3:::landing")),
    );
    expect(raw.flatMap(({ Action }) => Action)).toEqual(["s3:ListBucket", "s3:GetObject"]);
    expect(statement(policyOf(), "RawRead").Resource).toEqual(["arn:aws:s3:::landing/raw/*"]);
  });

  test("writes what is processed and quarantined, its runs and its logs", () => {
    expect(statement(policyOf(), "ProcessedWrite").Resource).toEqual([
      "arn:aws:s3:::processed/processed/*",
      "arn:aws:s3:::processed/quarantine/*",
    ]);
    expect(statement(policyOf(), "WriteRuns").Resource).toEqual(["arn:aws:s3:::etl/runs/*"]);
    expect(statement(policyOf(), "WriteJobLogs")).toMatchObject({
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: ["arn:aws:s3:::etl/logs/*"],
    });
  });

  test("commits to the tables of its sources and to no other, nor to one that is crawled", () => {
    const { Action, Resource } = statement(policyOf(), "CommitTables");
    expect(Action).toEqual([
      "glue:GetTable",
      "glue:CreateTable",
      "glue:UpdateTable",
      "glue:DeleteTable",
    ]);
    expect(Resource).toEqual([
      "arn:aws:glue:us-east-1:123456789012:catalog",
      "arn:aws:glue:us-east-1:123456789012:database/lake_processed_dev",
      "arn:aws:glue:us-east-1:123456789012:table/lake_processed_dev/flights",
      "arn:aws:glue:us-east-1:123456789012:table/lake_processed_dev/weather",
    ]);
  });

  test("may have more tables than one policy names: the others stand in policies of their own", () => {
    const { stack } = synth("", [["a", "b"], ["c"], ["d", "e"]]);
    const arn = (table: string) =>
      `arn:aws:glue:us-east-1:123456789012:table/lake_processed_dev/${table}`;
    const inline = statement(stack.the("aws_iam_role_policy").policy, "CommitTables");
    expect(inline.Resource.slice(2)).toEqual([arn("a"), arn("b")]);
    for (const [number, tables] of [
      [2, ["c"]],
      [3, ["d", "e"]],
    ] as const) {
      const id = `emr_execution_tables_${number}`;
      const { name, policy } = stack.resource("aws_iam_policy", id);
      expect(name).toBe(`lake-emr-execution-dev-tables-${number}`);
      expect(statements(policy)).toEqual([{ ...inline, Resource: tables.map(arn) }]);
      expect(stack.resource("aws_iam_role_policy_attachment", id)).toMatchObject({
        role: ref("aws_iam_role.emr_execution.name"),
        policy_arn: ref(`aws_iam_policy.${id}.arn`),
      });
    }
  });

  test("knows nothing of the catalog where every source is crawled", () => {
    const { policy } = synth("", []).stack.the("aws_iam_role_policy");
    expect(policy).not.toContain("glue:");
  });

  test("cannot change its own code or configuration", () => {
    const writable = statements(policyOf())
      .filter(({ Action }) => [Action].flat().includes("s3:PutObject"))
      .flatMap(({ Resource }) => Resource);
    expect(writable).not.toEqual([]);
    for (const arn of writable) expect(arn).not.toMatch(/etl\/(spark|config|\*)/);
  });

  test("writes the drivers' log", () => {
    expect(statement(policyOf(), "WriteLogs")).toMatchObject({ Resource: "arn:group:*" });
  });
});
