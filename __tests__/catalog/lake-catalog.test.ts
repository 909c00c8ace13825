import { describe, expect, test } from "vitest";
import { LakeCatalog, type LakeCatalogProps } from "../../src/catalog/lake-catalog";
import { Place } from "../../src/place";
import { KEY, PLACE } from "../support/aws";
import { ref, statement, statements, synthScope } from "../support/synth";

function synth(change: Partial<LakeCatalogProps> = {}) {
  const props: LakeCatalogProps = {
    databaseName: "lake_processed_dev",
    crawler: {
      crawler: "lake-processed-dev",
      role: "lake-glue-crawler-dev",
      securityConfiguration: "lake-crawler-dev",
      logGroup: "/aws-glue/crawlers-role/lake-glue-crawler-dev-lake-crawler-dev",
      logRetentionDays: 30,
    },
    workgroupName: "lake-dev",
    place: PLACE,
    key: KEY,
    encryptCatalog: true,
    retainData: true,
    processed: { name: "processed-bucket", arn: "arn:aws:s3:::processed-bucket" },
    resultsBucketName: "results-bucket",
    scanLimitGb: 100,
    sources: ["flights", "orders", "weather"],
    crawledSources: ["flights", "weather"],
    ...change,
  };
  return synthScope((scope) => new LakeCatalog(scope, "catalog", props));
}

describe("the crawler", () => {
  const crawler = () => synth().the("aws_glue_crawler");

  test("looks into the own folder of each source that is crawled, so that each becomes one table", () => {
    expect(crawler().s3_target).toEqual([
      { path: "s3://processed-bucket/processed/flights/" },
      { path: "s3://processed-bucket/processed/weather/" },
    ]);
  });

  test("looks where nothing is written when no source is crawled, since it must look somewhere", () => {
    expect(synth({ crawledSources: [] }).the("aws_glue_crawler").s3_target).toEqual([
      { path: "s3://processed-bucket/processed/_none/" },
    ]);
  });

  test("writes into the database with its role", () => {
    expect(crawler()).toMatchObject({
      name: "lake-processed-dev",
      database_name: ref("aws_glue_catalog_database.processed.name"),
      role: ref("aws_iam_role.glue_crawler.arn"),
    });
    expect(synth().the("aws_glue_catalog_database").name).toBe("lake_processed_dev");
  });

  test("updates tables in place and deletes none", () => {
    expect(crawler().schema_change_policy).toEqual({
      update_behavior: "UPDATE_IN_DATABASE",
      delete_behavior: "LOG",
    });
  });

  test("lets partitions follow their table, and makes one table of one folder", () => {
    expect(JSON.parse(crawler().configuration)).toEqual({
      Version: 1,
      CreatePartitionIndex: false,
      CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
      Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
    });
  });
});

describe("the crawler's role", () => {
  const policyOf = (change: Partial<LakeCatalogProps> = {}) =>
    synth(change).the("aws_iam_role_policy").policy;

  test("is for Glue of the account alone", () => {
    const { name, assume_role_policy } = synth().the("aws_iam_role");
    expect(name).toBe("lake-glue-crawler-dev");
    expect(statements(assume_role_policy)).toMatchObject([
      {
        Principal: { Service: "glue.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  test("reads processed data, not what is quarantined", () => {
    expect(statement(policyOf(), "ProcessedRead").Resource).toEqual([
      "arn:aws:s3:::processed-bucket/processed/*",
    ]);
  });

  test("keeps the tables of this database and of no other", () => {
    const resources = (change: Partial<LakeCatalogProps>) =>
      statement(policyOf(change), "KeepTables").Resource;
    expect(resources({})).toEqual([
      "arn:aws:glue:us-east-1:123456789012:catalog",
      "arn:aws:glue:us-east-1:123456789012:database/lake_processed_dev",
      "arn:aws:glue:us-east-1:123456789012:table/lake_processed_dev/*",
    ]);
    expect(resources({ place: new Place("aws-cn", "cn-north-1", PLACE.accountId) })[0]).toBe(
      "arn:aws-cn:glue:cn-north-1:123456789012:catalog",
    );
  });

  test("cannot delete a table, a database or an object", () => {
    const actions = statements(policyOf()).flatMap(({ Action }) => Action);
    expect(actions.filter((action: string) => /delete/i.test(action))).toEqual([]);
  });
});

describe("the workgroup", () => {
  const configuration = (change: Partial<LakeCatalogProps> = {}) =>
    synth(change).the("aws_athena_workgroup").configuration;

  test("stops a query at the scan limit, whatever the client asks for", () => {
    expect(configuration({ scanLimitGb: 3 })).toMatchObject({
      enforce_workgroup_configuration: true,
      bytes_scanned_cutoff_per_query: 3 * 1024 ** 3,
    });
  });

  test("keeps results encrypted in their own bucket", () => {
    expect(configuration().result_configuration).toEqual({
      output_location: "s3://results-bucket/",
      encryption_configuration: { encryption_option: "SSE_KMS", kms_key_arn: KEY.arn },
    });
  });

  test("runs Athena 3 and counts its queries", () => {
    expect(configuration()).toMatchObject({
      engine_version: { selected_engine_version: "Athena engine version 3" },
      publish_cloudwatch_metrics_enabled: true,
    });
  });

  test("goes with its history when it is destroyed", () => {
    expect(synth().the("aws_athena_workgroup")).toMatchObject({
      name: "lake-dev",
      force_destroy: true,
    });
  });
});

test("every source has its queries, in the database and the workgroup", () => {
  const queries = Object.values(synth().all("aws_athena_named_query"));
  expect(queries).toHaveLength(6);
  for (const query of queries) {
    expect(query.database).toBe(ref("aws_glue_catalog_database.processed.name"));
    expect(query.workgroup).toBe(ref("aws_athena_workgroup.lake.id"));
    expect(query).not.toHaveProperty("id");
  }
});

test("the account's catalog is encrypted by Glue's own key, which outlives every environment", () => {
  expect(synth().the("aws_glue_data_catalog_encryption_settings")).toEqual({
    data_catalog_encryption_settings: {
      encryption_at_rest: { catalog_encryption_mode: "SSE-KMS" },
      connection_password_encryption: { return_connection_password_encrypted: false },
    },
    lifecycle: { ignore_changes: expect.arrayContaining([expect.stringContaining("kms_key_id")]) },
  });
});

test("the account's catalog is left alone where somebody else looks after it", () => {
  expect(synth({ encryptCatalog: false }).all("aws_glue_data_catalog_encryption_settings")).toEqual(
    {},
  );
});

test("the crawler's log is encrypted with the lake's key", () => {
  const stack = synth();
  expect(stack.resource("aws_glue_crawler", "processed").security_configuration).toBe(
    ref("aws_glue_security_configuration.crawler.name"),
  );
  expect(
    stack.the("aws_glue_security_configuration").encryption_configuration.cloudwatch_encryption,
  ).toEqual({ cloudwatch_encryption_mode: "SSE-KMS", kms_key_arn: KEY.arn });
});

test.each([true, false])(
  "with retainData %s the database with its tables may not go, or may",
  (retainData) => {
    expect(synth({ retainData }).the("aws_glue_catalog_database").lifecycle).toEqual(
      retainData ? { prevent_destroy: true } : undefined,
    );
  },
);
