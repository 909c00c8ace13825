/** Where the job has a network: who may speak to whom, and that nobody else may. */
import { absentOr, attributes, demand, eachRefersTo, is, refersTo } from "./attribute";
import { list } from "./documents";
import { type Resource, type Rule, resources, target, verdict } from "./rule";

/** A VPC is there where the environment asks for one, and then the job runs in it. */
export const present: Rule = {
  name: "the job has the network that the environment asks for",
  check(subject) {
    if (subject.kind === "state") return [];
    const wanted = subject.variables.enable_vpc ? 1 : 0;
    const vpcs = resources(subject, "aws_vpc").length;
    return [
      verdict("aws_vpc", `${wanted} of them`, vpcs, vpcs === wanted),
      ...resources(subject, "aws_emrserverless_application").map(({ address, block }) => {
        const { subnet_ids: subnets, security_group_ids: groups } =
          block.network_configuration ?? {};
        const found = [list(subnets).length, list(groups).length] as const;
        const holds = wanted === 0 ? found.join() === "0,0" : found[0] >= 2 && found[1] === 1;
        const expected = wanted === 0 ? "no network" : "two subnets or more and one group";
        return verdict(address, expected, block.network_configuration, holds);
      }),
    ];
  },
};

/** The job's subnets: in different zones, and without a route from the internet. */
export const subnets: Rule = {
  name: "the job's subnets are private and in two zones",
  check(subject) {
    const open = new Set(
      resources(subject, "aws_route")
        .filter(({ block }) => block.gateway_id !== undefined)
        .map(({ block }) => target(block.route_table_id)),
    );
    return resources(subject, "aws_emrserverless_application").flatMap(({ block, address }) => {
      const ids = list(block.network_configuration?.subnet_ids);
      const used = resources(subject, "aws_subnet").filter((subnet) =>
        ids.some((id) => target(id) === subnet.address),
      );
      const zones = new Set(used.flatMap((subnet) => subnet.block.availability_zone ?? []));
      return [
        verdict(address, "each subnet in a zone of its own", [...zones], zones.size === ids.length),
        ...used.map((subnet) => {
          const tables = resources(subject, "aws_route_table_association")
            .filter((one) => target(one.block.subnet_id) === subnet.address)
            .map((one) => target(one.block.route_table_id));
          const holds = tables.length === 1 && !open.has(tables[0]);
          return verdict(subnet.address, "one route table, with no way in", tables, holds);
        }),
      ];
    });
  },
};

export const addresses = attributes("nothing has a public address", [
  demand("aws_subnet", "map_public_ip_on_launch", is(false)),
  demand("aws_subnet", "assign_ipv6_address_on_creation", absentOr(is(false))),
  demand("aws_vpc", "assign_generated_ipv6_cidr_block", absentOr(is(false))),
  // Names of endpoints lead to them inside the VPC only with both.
  demand("aws_vpc", "enable_dns_support", is(true)),
  demand("aws_vpc", "enable_dns_hostnames", is(true)),
]);

/** Everything is in the one VPC, and what belongs together refers to each other. */
export const whole = attributes("a network is of one piece", [
  ...[
    "aws_subnet",
    "aws_route_table",
    "aws_internet_gateway",
    "aws_security_group",
    "aws_vpc_endpoint",
  ].map((type) => demand(type, "vpc_id", refersTo("aws_vpc"))),
  demand("aws_route_table_association", "subnet_id", refersTo("aws_subnet")),
  demand("aws_route_table_association", "route_table_id", refersTo("aws_route_table")),
  demand("aws_route", "route_table_id", refersTo("aws_route_table")),
  demand("aws_route", "gateway_id", absentOr(refersTo("aws_internet_gateway"))),
  demand("aws_route", "nat_gateway_id", absentOr(refersTo("aws_nat_gateway"))),
  demand("aws_nat_gateway", "subnet_id", refersTo("aws_subnet")),
  demand("aws_vpc_endpoint", "route_table_ids", absentOr(eachRefersTo("aws_route_table"))),
  demand("aws_vpc_endpoint", "subnet_ids", absentOr(eachRefersTo("aws_subnet"))),
  demand("aws_vpc_endpoint", "security_group_ids", absentOr(eachRefersTo("aws_security_group"))),
  demand(
    "aws_vpc_security_group_ingress_rule",
    "security_group_id",
    refersTo("aws_security_group"),
  ),
  demand("aws_vpc_security_group_egress_rule", "security_group_id", refersTo("aws_security_group")),
]);

/** The group that every VPC comes with lets its members talk, until it is emptied. */
export const defaultGroup: Rule = {
  name: "a VPC's default group lets nothing through",
  check: (subject) =>
    resources(subject, "aws_vpc").map((vpc) => {
      const groups = resources(subject, "aws_default_security_group").filter(
        ({ block }) => target(block.vpc_id) === vpc.address,
      );
      const open = groups.filter(({ block }) => block.ingress ?? block.egress);
      const found = groups.map(({ block }) => block);
      return verdict(vpc.address, "an empty one", found, groups.length === 1 && open.length === 0);
    }),
};

export const groups: Rule = {
  name: "security groups are used, and say all they let through in rules",
  check: (subject) =>
    resources(subject, "aws_security_group").flatMap((group) => {
      const inline = group.block.ingress ?? group.block.egress;
      const users = [
        ...resources(subject, "aws_emrserverless_application").flatMap(({ block }) =>
          list(block.network_configuration?.security_group_ids),
        ),
        ...resources(subject, "aws_vpc_endpoint").flatMap(({ block }) =>
          list(block.security_group_ids),
        ),
      ];
      const used = users.some((id) => target(id) === group.address);
      return [
        verdict(group.address, "no rules inside", inline, inline === undefined),
        verdict(group.address, "something that is in it", users, used),
      ];
    }),
};

const ANYWHERE = "0.0.0.0/0";

/** Between the workers anything; from the workers TLS, to named peers. From outside nothing. */
export const traffic: Rule = {
  name: "security groups let named peers through, by TLS",
  check(subject) {
    const internet = resources(subject, "aws_nat_gateway").length > 0;
    const judge = (rule: Resource, open: boolean) => {
      const { block } = rule;
      const peer = target(block.referenced_security_group_id);
      const itself = peer !== undefined && peer === target(block.security_group_id);
      const group = peer?.startsWith("aws_security_group.") === true;
      const prefixes = target(block.prefix_list_id)?.startsWith("aws_vpc_endpoint.") === true;
      const named = open ? group || prefixes || (internet && block.cidr_ipv4 === ANYWHERE) : group;
      const only = ["referenced_security_group_id", "prefix_list_id", "cidr_ipv4", "cidr_ipv6"];
      const peers = only.filter((key) => block[key] !== undefined);
      const tls = block.ip_protocol === "tcp" && block.from_port === 443 && block.to_port === 443;
      return [
        verdict(
          rule.address,
          open ? "a group, an endpoint's prefix list, or NAT's way out as its peer" : "a group",
          peers.map((key) => block[key]),
          named && peers.length === 1,
        ),
        verdict(
          rule.address,
          "TCP 443, or anything with the group itself",
          [block.ip_protocol, block.from_port, block.to_port],
          itself ? block.ip_protocol === "-1" : tls,
        ),
      ];
    };
    return [
      ...resources(subject, "aws_vpc_security_group_ingress_rule").flatMap((rule) =>
        judge(rule, false),
      ),
      ...resources(subject, "aws_vpc_security_group_egress_rule").flatMap((rule) =>
        judge(rule, true),
      ),
      ...["aws_security_group_rule", "aws_vpc_peering_connection", "aws_network_acl_rule"].map(
        (type) => {
          const found = resources(subject, type).map(({ address }) => address);
          return verdict(type, "none", found.join(", ") || undefined, found.length === 0);
        },
      ),
    ];
  },
};

/** What passes an endpoint is said by it, so that nobody carries data to another account. */
export const endpoints: Rule = {
  name: "endpoints pass what the job calls, to whom it belongs",
  check(subject) {
    if (resources(subject, "aws_vpc").length === 0) return [];
    const all = resources(subject, "aws_vpc_endpoint");
    const services = all.map(({ block }) => String(block.service_name).split(".").at(-1)).sort();
    return [
      verdict("aws_vpc_endpoint", "glue, logs, s3", services, services.join() === "glue,logs,s3"),
      ...all.flatMap(({ address, block }) => {
        const policy = verdict(
          address,
          "a policy",
          block.policy,
          typeof block.policy === "string" && block.policy.includes('"Statement"'),
        );
        if (String(block.service_name).endsWith(".s3")) {
          const tables = list(block.route_table_ids).length;
          const type = block.vpc_endpoint_type;
          return [
            policy,
            verdict(address, "a Gateway", type, type === "Gateway"),
            verdict(address, "a route table of each zone", tables, tables >= 2),
          ];
        }
        const { subnet_ids: ids, security_group_ids: own } = block;
        return [
          policy,
          verdict(
            address,
            "private_dns_enabled to be true",
            block.private_dns_enabled,
            block.private_dns_enabled === true,
          ),
          verdict(
            address,
            "an Interface",
            block.vpc_endpoint_type,
            block.vpc_endpoint_type === "Interface",
          ),
          verdict(address, "two subnets or more", ids, list(ids).length >= 2),
          verdict(address, "one security group", own, list(own).length === 1),
        ];
      }),
    ];
  },
};

/** What was let through too: after an incident it says what left, and where to. */
export const flows: Rule = {
  name: "all traffic of a VPC is logged",
  check: (subject) =>
    resources(subject, "aws_vpc").map((vpc) => {
      const logs = resources(subject, "aws_flow_log").filter(
        ({ block }) => target(block.vpc_id) === vpc.address,
      );
      const found = logs.map(({ block }) => [block.traffic_type, block.log_destination]);
      const holds =
        logs.length === 1 &&
        found[0]?.[0] === "ALL" &&
        refersTo("aws_cloudwatch_log_group").holds(found[0]?.[1]);
      return verdict(vpc.address, "a flow log of ALL traffic into a log group", found, holds);
    }),
};
