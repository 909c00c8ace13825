import { describe, expect, test } from "vitest";
import { LakeNetwork, type LakeNetworkProps } from "../../src/network/lake-network";
import { KEY } from "../support/aws";
import { ref, statements, synthScope } from "../support/synth";

function synth(change: Partial<LakeNetworkProps> = {}) {
  const props: LakeNetworkProps = {
    name: "lake-dev",
    region: "eu-west-1",
    accountId: "123456789012",
    vpcCidr: "10.0.0.0/16",
    singleNatGateway: false,
    flowLogRoleName: "lake-flow-logs-dev",
    flowLogGroupName: "/aws/vpc/lake-dev",
    keyArn: KEY.arn,
    logRetentionDays: 30,
    ...change,
  };
  return synthScope((scope) => new LakeNetwork(scope, "network", props));
}

test("private subnets lie in two zones, each with a block of its own", () => {
  const subnets = Object.entries(synth().all("aws_subnet"));
  expect(
    subnets.map(([name, { availability_zone, cidr_block }]) => [
      name,
      availability_zone,
      cidr_block,
    ]),
  ).toEqual(
    [
      ["private_a", 0, 0],
      ["private_b", 1, 1],
      ["public_a", 0, 2],
      ["public_b", 1, 3],
    ].map(([name, zone, block]) => [
      name,
      ref(`element(data.aws_availability_zones.available.names, ${zone})`),
      ref(`cidrsubnet("10.0.0.0/16", 4, ${block})`),
    ]),
  );
});

test("no instance gets a public address by itself", () => {
  for (const { map_public_ip_on_launch } of Object.values(synth().all("aws_subnet")))
    expect(map_public_ip_on_launch).toBe(false);
});

describe("the way out of a private subnet", () => {
  const wayOut = (zone: string, change: Partial<LakeNetworkProps> = {}) => {
    const stack = synth(change);
    const association = stack.resource("aws_route_table_association", `private_${zone}`);
    expect(association).toEqual({
      subnet_id: ref(`aws_subnet.private_${zone}.id`),
      route_table_id: ref(`aws_route_table.private_${zone}.id`),
    });
    const route = stack.resource("aws_route", `private_${zone}`);
    expect(route.route_table_id).toBe(association.route_table_id);
    expect(route.destination_cidr_block).toBe("0.0.0.0/0");
    return route.nat_gateway_id;
  };

  test("is its own zone's NAT gateway by default: one zone's outage leaves the other", () => {
    expect(wayOut("a")).toBe(ref("aws_nat_gateway.nat_a.id"));
    expect(wayOut("b")).toBe(ref("aws_nat_gateway.nat_b.id"));
  });

  test("is the first zone's NAT gateway with singleNatGateway, and there is no other", () => {
    const change = { singleNatGateway: true };
    expect(wayOut("a", change)).toBe(ref("aws_nat_gateway.nat_a.id"));
    expect(wayOut("b", change)).toBe(ref("aws_nat_gateway.nat_a.id"));
    expect(Object.keys(synth(change).all("aws_nat_gateway"))).toEqual(["nat_a"]);
    expect(Object.keys(synth(change).all("aws_eip"))).toEqual(["nat_a"]);
    expect(Object.keys(synth(change).all("aws_subnet"))).not.toContain("public_b");
  });

  test("leads from the NAT gateway's public subnet to the internet", () => {
    const stack = synth();
    for (const zone of ["a", "b"]) {
      expect(stack.resource("aws_nat_gateway", `nat_${zone}`)).toMatchObject({
        allocation_id: ref(`aws_eip.nat_${zone}.id`),
        subnet_id: ref(`aws_subnet.public_${zone}.id`),
        depends_on: ["aws_internet_gateway.lake"],
      });
      expect(stack.resource("aws_route_table_association", `public_${zone}`)).toEqual({
        subnet_id: ref(`aws_subnet.public_${zone}.id`),
        route_table_id: ref("aws_route_table.public.id"),
      });
    }
    expect(stack.resource("aws_route", "public")).toEqual({
      route_table_id: ref("aws_route_table.public.id"),
      destination_cidr_block: "0.0.0.0/0",
      gateway_id: ref("aws_internet_gateway.lake.id"),
    });
  });
});

test("S3 is reached through a gateway endpoint from every private subnet, past the NAT", () => {
  expect(synth().the("aws_vpc_endpoint")).toMatchObject({
    service_name: "com.amazonaws.eu-west-1.s3",
    vpc_endpoint_type: "Gateway",
    route_table_ids: [ref("aws_route_table.private_a.id"), ref("aws_route_table.private_b.id")],
  });
});

test("the VPC has the props' block and resolves names", () => {
  expect(synth({ vpcCidr: "10.9.0.0/20" }).the("aws_vpc")).toMatchObject({
    cidr_block: "10.9.0.0/20",
    enable_dns_support: true,
    enable_dns_hostnames: true,
  });
});

test("the VPC's default security group lets nothing through", () => {
  const group = synth().the("aws_default_security_group");
  expect(group).toEqual({ vpc_id: ref("aws_vpc.lake.id") });
});

test("refused traffic is logged, by a role that can do nothing else, to a group that ends", () => {
  const stack = synth({ logRetentionDays: 7 });
  expect(stack.the("aws_flow_log")).toMatchObject({
    vpc_id: ref("aws_vpc.lake.id"),
    traffic_type: "REJECT",
    iam_role_arn: ref("aws_iam_role.flow_logs.arn"),
    log_destination: ref("aws_cloudwatch_log_group.flow_logs.arn"),
  });
  expect(stack.the("aws_cloudwatch_log_group")).toEqual({
    name: "/aws/vpc/lake-dev",
    retention_in_days: 7,
    kms_key_id: KEY.arn,
  });
  expect(stack.the("aws_iam_role").name).toBe("lake-flow-logs-dev");
  expect(statements(stack.the("aws_iam_role_policy").policy).map(({ Sid }) => Sid)).toEqual([
    "WriteLogs",
  ]);
});

test("everything that has a name in the console carries the network's", () => {
  const stack = synth({ name: "lake-qa" });
  const TAGGED = ["aws_vpc", "aws_subnet", "aws_nat_gateway", "aws_route_table", "aws_eip"];
  for (const type of TAGGED)
    for (const [name, { tags }] of Object.entries(stack.all(type)))
      expect(tags.Name, `${type}.${name}`).toMatch(/^lake-qa/);
});
