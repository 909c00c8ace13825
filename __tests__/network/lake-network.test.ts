import { describe, expect, test } from "vitest";
import { LakeNetwork, type LakeNetworkProps } from "../../src/network/lake-network";
import { Place } from "../../src/place";
import { KEY } from "../support/aws";
import { ref, statements, synthScope } from "../support/synth";

function synth(change: Partial<LakeNetworkProps> = {}) {
  const props: LakeNetworkProps = {
    name: "lake-dev",
    place: new Place("aws", "eu-west-1", "123456789012"),
    vpcCidr: "10.0.0.0/16",
    bucketArns: ["arn:aws:s3:::landing", "arn:aws:s3:::processed"],
    natGateway: false,
    singleNatGateway: false,
    flowLogRoleName: "lake-flow-logs-dev",
    flowLogGroupName: "/aws/vpc/lake-dev",
    keyArn: KEY.arn,
    logRetentionDays: 30,
    ...change,
  };
  return synthScope((scope) => new LakeNetwork(scope, "network", props));
}

/** Zone, and which sixteenth of the VPC, of each subnet. */
const subnets = (change: Partial<LakeNetworkProps> = {}) =>
  Object.entries(synth(change).all("aws_subnet")).map(
    ([name, { availability_zone, cidr_block }]) => [name, availability_zone, cidr_block],
  );
const inZone = (name: string, zone: number, block: number) => [
  name,
  ref(`element(data.aws_availability_zones.available.names, ${zone})`),
  ref(`cidrsubnet("10.0.0.0/16", 4, ${block})`),
];

test("private subnets lie in two zones, each with a block of its own, and there are no others", () => {
  expect(subnets()).toEqual([inZone("private_a", 0, 0), inZone("private_b", 1, 1)]);
});

test("no instance gets a public address by itself", () => {
  for (const { map_public_ip_on_launch } of Object.values(
    synth({ natGateway: true }).all("aws_subnet"),
  ))
    expect(map_public_ip_on_launch).toBe(false);
});

describe("by default there is no way to the internet", () => {
  test("no gateway, no address, and no route but the VPC's own", () => {
    const OUTWARD = [
      "aws_eip",
      "aws_internet_gateway",
      "aws_nat_gateway",
      "aws_egress_only_internet_gateway",
      "aws_vpc_peering_connection",
      "aws_route",
    ];
    for (const type of OUTWARD) expect(synth().all(type), type).toEqual({});
    for (const table of Object.values(synth().all("aws_route_table")))
      expect(table).not.toHaveProperty("route");
  });

  test("workers reach S3's addresses, the endpoints and each other", () => {
    const rules = synth().all("aws_vpc_security_group_egress_rule");
    expect(Object.keys(rules)).toEqual(["emr_endpoints", "emr_s3", "emr_workers"]);
    for (const rule of Object.values(rules)) {
      expect(rule).not.toHaveProperty("cidr_ipv4");
      expect(rule).not.toHaveProperty("cidr_ipv6");
    }
    expect(rules.emr_s3.prefix_list_id).toBe(ref("aws_vpc_endpoint.s3.prefix_list_id"));
    expect(rules.emr_endpoints.referenced_security_group_id).toBe(
      ref("aws_security_group.endpoints.id"),
    );
  });

  test("every private subnet has a route table of its own", () => {
    for (const zone of ["a", "b"])
      expect(synth().resource("aws_route_table_association", `private_${zone}`)).toEqual({
        subnet_id: ref(`aws_subnet.private_${zone}.id`),
        route_table_id: ref(`aws_route_table.private_${zone}.id`),
      });
  });
});

describe("the way out of a private subnet, where there are NAT gateways,", () => {
  const wayOut = (zone: string, change: Partial<LakeNetworkProps> = {}) => {
    const stack = synth({ natGateway: true, ...change });
    const association = stack.resource("aws_route_table_association", `private_${zone}`);
    const route = stack.resource("aws_route", `private_${zone}`);
    expect(route.route_table_id).toBe(association.route_table_id);
    expect(route.destination_cidr_block).toBe("0.0.0.0/0");
    return route.nat_gateway_id;
  };

  test("is its own zone's NAT gateway: one zone's outage leaves the other", () => {
    expect(wayOut("a")).toBe(ref("aws_nat_gateway.nat_a.id"));
    expect(wayOut("b")).toBe(ref("aws_nat_gateway.nat_b.id"));
    expect(subnets({ natGateway: true })).toEqual([
      inZone("private_a", 0, 0),
      inZone("private_b", 1, 1),
      inZone("public_a", 0, 2),
      inZone("public_b", 1, 3),
    ]);
  });

  test("is the first zone's NAT gateway with singleNatGateway, and there is no other", () => {
    const change = { natGateway: true, singleNatGateway: true };
    expect(wayOut("a", change)).toBe(ref("aws_nat_gateway.nat_a.id"));
    expect(wayOut("b", change)).toBe(ref("aws_nat_gateway.nat_a.id"));
    expect(Object.keys(synth(change).all("aws_nat_gateway"))).toEqual(["nat_a"]);
    expect(Object.keys(synth(change).all("aws_eip"))).toEqual(["nat_a"]);
    expect(Object.keys(synth(change).all("aws_subnet"))).not.toContain("public_b");
  });

  test("leads from the NAT gateway's public subnet to the internet", () => {
    const stack = synth({ natGateway: true });
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

  test("takes TLS and nothing else", () => {
    expect(
      synth({ natGateway: true }).resource("aws_vpc_security_group_egress_rule", "emr_https"),
    ).toMatchObject({ cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 443, to_port: 443 });
  });
});

test("no group lets anybody in but by the group that it comes from", () => {
  const rules = synth({ natGateway: true }).all("aws_vpc_security_group_ingress_rule");
  expect(
    Object.entries(rules).map(([name, rule]) => [name, rule.referenced_security_group_id]),
  ).toEqual([
    ["emr", ref("aws_security_group.emr.id")],
    ["endpoints", ref("aws_security_group.emr.id")],
  ]);
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

test("all traffic is logged, by a role that can do nothing else, to a group that ends", () => {
  const stack = synth({ logRetentionDays: 7 });
  expect(stack.the("aws_flow_log")).toMatchObject({
    vpc_id: ref("aws_vpc.lake.id"),
    traffic_type: "ALL",
    iam_role_arn: ref("aws_iam_role.flow_logs.arn"),
    log_destination: ref("aws_cloudwatch_log_group.flow_logs.arn"),
  });
  expect(stack.the("aws_cloudwatch_log_group")).toMatchObject({
    name: "/aws/vpc/lake-dev",
    retention_in_days: 7,
    kms_key_id: KEY.arn,
  });
  expect(stack.the("aws_iam_role").name).toBe("lake-flow-logs-dev");
  expect(statements(stack.the("aws_iam_role_policy").policy).map(({ Sid }) => Sid)).toEqual([
    "WriteLogs",
    "FindLogStreams",
    "FindLogGroup",
  ]);
});

test("everything that has a name in the console carries the network's", () => {
  const stack = synth({ name: "lake-qa", natGateway: true });
  const TAGGED = [
    "aws_vpc",
    "aws_subnet",
    "aws_nat_gateway",
    "aws_route_table",
    "aws_eip",
    "aws_security_group",
    "aws_vpc_endpoint",
  ];
  for (const type of TAGGED)
    for (const [name, { tags }] of Object.entries(stack.all(type)))
      expect(tags.Name, `${type}.${name}`).toMatch(/^lake-qa/);
});
