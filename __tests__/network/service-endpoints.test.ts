import { describe, expect, test } from "vitest";
import { ServiceEndpoints } from "../../src/network/service-endpoints";
import { Place } from "../../src/place";
import { ref, statement, statements, synthScope } from "../support/synth";

const synth = () =>
  synthScope(
    (scope) =>
      new ServiceEndpoints(scope, "endpoints", {
        name: "lake-dev",
        vpcId: "vpc-1",
        place: new Place("aws", "eu-west-1", "123456789012"),
        privateSubnetIds: ["subnet-a", "subnet-b"],
        privateRouteTableIds: ["rtb-a", "rtb-b"],
        workersGroupId: "sg-workers",
        bucketArns: ["arn:aws:s3:::landing", "arn:aws:s3:::processed"],
      }),
  );
const endpoint = (name: string) => synth().resource("aws_vpc_endpoint", name);

test("S3 has a gateway endpoint, from every private subnet", () => {
  expect(endpoint("s3")).toMatchObject({
    service_name: "com.amazonaws.eu-west-1.s3",
    vpc_endpoint_type: "Gateway",
    route_table_ids: ["rtb-a", "rtb-b"],
  });
});

test.each(["glue", "logs"])("%s has an endpoint in every zone, under its usual name", (service) => {
  expect(endpoint(service)).toMatchObject({
    service_name: `com.amazonaws.eu-west-1.${service}`,
    vpc_endpoint_type: "Interface",
    subnet_ids: ["subnet-a", "subnet-b"],
    security_group_ids: [ref("aws_security_group.endpoints.id")],
    private_dns_enabled: true,
  });
});

test("endpoints take TLS from the workers, and say nothing of their own accord", () => {
  expect(synth().the("aws_vpc_security_group_ingress_rule")).toMatchObject({
    security_group_id: ref("aws_security_group.endpoints.id"),
    referenced_security_group_id: "sg-workers",
    ip_protocol: "tcp",
    from_port: 443,
    to_port: 443,
  });
  expect(synth().all("aws_vpc_security_group_egress_rule")).toEqual({});
  const group = synth().the("aws_security_group");
  expect(group).not.toHaveProperty("ingress");
  expect(group).not.toHaveProperty("egress");
});

describe("what passes an endpoint", () => {
  test("is never every action, nor everybody's resources", () => {
    for (const [name, { policy }] of Object.entries(synth().all("aws_vpc_endpoint")))
      for (const { Sid, Action, Resource, Effect } of statements(policy)) {
        expect(Effect).toBe("Allow");
        // What lists names nothing.
        if (Sid === "FindLogGroup") continue;
        expect([Action].flat().join(), name).not.toContain("*");
        expect([Resource].flat(), name).not.toContain("*");
        // A bucket by name, or this account's.
        for (const arn of [Resource].flat())
          expect(arn, name).toMatch(/^arn:aws:(s3:::[a-z]|(glue|logs):eu-west-1:123456789012:)/);
      }
  });

  test("of buckets, those that were named: objects apart from listing", () => {
    const { policy } = endpoint("s3");
    expect(statement(policy, "ListLakeBuckets")).toMatchObject({
      Action: ["s3:ListBucket"],
      Resource: ["arn:aws:s3:::landing", "arn:aws:s3:::processed"],
    });
    expect(statement(policy, "LakeObjects").Resource).toEqual([
      "arn:aws:s3:::landing/*",
      "arn:aws:s3:::processed/*",
    ]);
  });

  test("into EMR's own bucket, only EMR Serverless, from this VPC, and only writing", () => {
    expect(statement(endpoint("s3").policy, "EMRServerlessManagedLogging")).toEqual({
      Sid: "EMRServerlessManagedLogging",
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:PutObject", "s3:PutObjectAcl"],
      Resource: ["arn:aws:s3:::prod.eu-west-1.appinfo.src/*"],
      Condition: {
        StringEquals: {
          "aws:PrincipalServiceName": "emr-serverless.amazonaws.com",
          "aws:SourceVpc": "vpc-1",
        },
      },
    });
  });
});
