import { expect, test } from "vitest";
import { WorkerSecurityGroup } from "../../src/network/worker-security-group";
import { ref, synthScope } from "../support/synth";

const synth = (open: (group: WorkerSecurityGroup) => void = () => {}) =>
  synthScope((scope) =>
    open(new WorkerSecurityGroup(scope, "workers", { name: "lake-dev-emr", vpcId: "vpc-1" })),
  );

const GROUP = ref("aws_security_group.emr.id");

test("the group has no rules of its own: they are resources that can be told apart", () => {
  const group = synth().the("aws_security_group");
  expect(group).toMatchObject({ name: "lake-dev-emr", vpc_id: "vpc-1" });
  expect(group).not.toHaveProperty("ingress");
  expect(group).not.toHaveProperty("egress");
});

test("nobody but the workers themselves may talk to a worker", () => {
  expect(synth().the("aws_vpc_security_group_ingress_rule")).toMatchObject({
    security_group_id: GROUP,
    referenced_security_group_id: GROUP,
    ip_protocol: "-1",
  });
});

test("a worker talks to workers, and to nobody else of its own accord", () => {
  expect(synth().the("aws_vpc_security_group_egress_rule")).toMatchObject({
    security_group_id: GROUP,
    referenced_security_group_id: GROUP,
    ip_protocol: "-1",
  });
});

const TLS = { security_group_id: GROUP, ip_protocol: "tcp", from_port: 443, to_port: 443 };

test("services are reached over TLS, S3 by its addresses, others by their endpoints' group", () => {
  const rules = synth((group) => group.letReachServices("pl-1", "sg-1")).all(
    "aws_vpc_security_group_egress_rule",
  );
  expect(Object.keys(rules)).toEqual(["emr_endpoints", "emr_s3", "emr_workers"]);
  expect(rules.emr_s3).toMatchObject({ ...TLS, prefix_list_id: "pl-1" });
  expect(rules.emr_endpoints).toMatchObject({ ...TLS, referenced_security_group_id: "sg-1" });
});

test("the internet is reached over TLS only, where it is at all", () => {
  const rules = synth((group) => group.letReachInternet()).all(
    "aws_vpc_security_group_egress_rule",
  );
  expect(Object.keys(rules)).toEqual(["emr_https", "emr_workers"]);
  expect(rules.emr_https).toMatchObject({ ...TLS, cidr_ipv4: "0.0.0.0/0" });
});
