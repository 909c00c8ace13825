import { expect, test } from "vitest";
import { WorkerSecurityGroup } from "../../src/network/worker-security-group";
import { ref, synthScope } from "../support/synth";

const synth = () =>
  synthScope(
    (scope) => new WorkerSecurityGroup(scope, "workers", { name: "lake-dev-emr", vpcId: "vpc-1" }),
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

test("a worker talks to workers, and to others over TLS only", () => {
  const rules = synth().all("aws_vpc_security_group_egress_rule");
  expect(Object.keys(rules)).toEqual(["emr_https", "emr_workers"]);
  expect(rules.emr_workers).toMatchObject({
    security_group_id: GROUP,
    referenced_security_group_id: GROUP,
    ip_protocol: "-1",
  });
  expect(rules.emr_https).toMatchObject({
    security_group_id: GROUP,
    cidr_ipv4: "0.0.0.0/0",
    ip_protocol: "tcp",
    from_port: 443,
    to_port: 443,
  });
});
