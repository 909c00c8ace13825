import { describe, expect, test } from "vitest";
import {
  SparkApplication,
  type SparkApplicationProps,
} from "../../src/processing/spark-application";
import { KEY } from "../support/aws";
import { synthScope } from "../support/synth";

function synth(change: Partial<SparkApplicationProps> = {}) {
  const props: SparkApplicationProps = {
    name: "lake-spark-dev",
    releaseLabel: "emr-7.12.0",
    architecture: "X86_64",
    maximumCapacity: { vcpu: 10, memoryGb: 40, diskGb: 100 },
    idleTimeoutMinutes: 15,
    logGroupName: "/aws/emr-serverless/lake-spark-dev",
    keyArn: KEY.arn,
    logRetentionDays: 30,
    ...change,
  };
  return synthScope((scope) => new SparkApplication(scope, "application", props));
}

const application = (change: Partial<SparkApplicationProps> = {}) =>
  synth(change).resource("aws_emrserverless_application", "spark");

test("the application runs Spark, starts with a job and stops when idle", () => {
  expect(application()).toEqual({
    name: "lake-spark-dev",
    type: "SPARK",
    release_label: "emr-7.12.0",
    architecture: "X86_64",
    maximum_capacity: { cpu: "10 vCPU", memory: "40 GB", disk: "100 GB" },
    auto_start_configuration: { enabled: true },
    auto_stop_configuration: { enabled: true, idle_timeout_minutes: 15 },
  });
});

test("release, architecture and idle time are the props'", () => {
  const change = {
    releaseLabel: "emr-7.9.0",
    architecture: "ARM64",
    idleTimeoutMinutes: 5,
  } as const;
  expect(application(change)).toMatchObject({
    release_label: "emr-7.9.0",
    architecture: "ARM64",
    auto_stop_configuration: { idle_timeout_minutes: 5 },
  });
});

describe("workers kept ready", () => {
  const driver = { vcpu: 4, memoryGb: 16, diskGb: 20 };
  const executor = { vcpu: 2, memoryGb: 8, diskGb: 50 };

  test("are none by default", () => {
    expect(application()).not.toHaveProperty("initial_capacity");
  });

  test("are drivers and executors, each in their own size", () => {
    const preWarmed = {
      driver: { count: 1, worker: driver },
      executor: { count: 3, worker: executor },
    };
    expect(application({ preWarmed }).initial_capacity).toEqual([
      {
        initial_capacity_type: "Driver",
        initial_capacity_config: {
          worker_count: 1,
          worker_configuration: { cpu: "4 vCPU", memory: "16 GB", disk: "20 GB" },
        },
      },
      {
        initial_capacity_type: "Executor",
        initial_capacity_config: {
          worker_count: 3,
          worker_configuration: { cpu: "2 vCPU", memory: "8 GB", disk: "50 GB" },
        },
      },
    ]);
  });

  test("leave out a role of which there are none, a count that AWS refuses", () => {
    const preWarmed = {
      driver: { count: 1, worker: driver },
      executor: { count: 0, worker: executor },
    };
    expect(
      application({ preWarmed }).initial_capacity.map(
        (one: { initial_capacity_type: string }) => one.initial_capacity_type,
      ),
    ).toEqual(["Driver"]);
  });
});

describe("the network", () => {
  test("is the service's own by default", () => {
    expect(application()).not.toHaveProperty("network_configuration");
  });

  test("is the subnets and the security group that are given", () => {
    const network = { subnetIds: ["subnet-a", "subnet-b"], securityGroupId: "sg-1" };
    expect(application({ network }).network_configuration).toEqual({
      subnet_ids: ["subnet-a", "subnet-b"],
      security_group_ids: ["sg-1"],
    });
  });
});

test("drivers log to a group that ends its entries", () => {
  expect(synth({ logRetentionDays: 7 }).the("aws_cloudwatch_log_group")).toEqual({
    name: "/aws/emr-serverless/lake-spark-dev",
    retention_in_days: 7,
    kms_key_id: KEY.arn,
  });
});
