import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { allow, policy, trust, writeLogs } from "../iam";
import type { Place } from "../place";
import { InternetEgress } from "./internet-egress";
import { ServiceEndpoints } from "./service-endpoints";
import { WorkerSecurityGroup } from "./worker-security-group";

/** EMR Serverless asks for subnets in more than one zone, so that one zone's outage stops nothing. */
const ZONES = ["a", "b"] as const;
/** Zones in which EMR Serverless has no workers (EMR Serverless User Guide, Endpoints and quotas). */
const ZONES_WITHOUT_EMR = ["use1-az3", "usw1-az2"];
/** Bits that a subnet's mask is longer than the VPC's: 16 subnets, of which four are used. */
const SUBNET_BITS = 4;

export interface LakeNetworkProps {
  /** Prefix of the names of everything in here. */
  readonly name: string;
  readonly place: Place;
  /** IPv4 block of the VPC, `/16` to `/24`. */
  readonly vpcCidr: string;
  /** ARNs of the buckets that the job reads and writes: no other is reached from the VPC. */
  readonly bucketArns: readonly string[];
  /** NAT gateways, for a job that calls more than the AWS services that have an endpoint here. */
  readonly natGateway: boolean;
  /** One NAT gateway for all zones rather than one for each. */
  readonly singleNatGateway: boolean;
  readonly flowLogRoleName: string;
  readonly flowLogGroupName: string;
  /** ARN of the key that the flow log is encrypted with. */
  readonly keyArn: string;
  readonly logRetentionDays: number;
}

/** A VPC for the job: private subnets in two zones, the AWS services that it calls, and no more. */
export class LakeNetwork extends Construct {
  readonly privateSubnetIds: string[];
  /** Security group of the job's workers. */
  readonly securityGroupId: string;
  private readonly vpc: Vpc;

  constructor(scope: Construct, id: string, props: LakeNetworkProps) {
    super(scope, id);
    this.vpc = this.createVpc(props);
    const zones = new DataAwsAvailabilityZones(this, "available", {
      state: "available",
      filter: [{ name: "zone-type", values: ["availability-zone"] }],
      excludeZoneIds: ZONES_WITHOUT_EMR,
    });
    this.privateSubnetIds = ZONES.map(
      (_, index) => this.createSubnet(props, zones, "private", index).id,
    );
    const routeTableIds = this.createPrivateRoutes(props);
    const workers = new WorkerSecurityGroup(this, "workers", {
      name: `${props.name}-emr`,
      vpcId: this.vpc.id,
    });
    this.securityGroupId = workers.groupId;
    const endpoints = this.createEndpoints(props, routeTableIds);
    workers.letReachServices(endpoints.s3PrefixListId, endpoints.groupId);
    if (props.natGateway) {
      this.createInternetEgress(props, zones, routeTableIds);
      workers.letReachInternet();
    }
    this.logFlows(props);
  }

  private createVpc(props: LakeNetworkProps): Vpc {
    const vpc = new Vpc(this, "lake", {
      cidrBlock: props.vpcCidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: props.name },
    });
    // The VPC's own group lets its members talk; without rules it lets nothing through.
    new DefaultSecurityGroup(this, "default", { vpcId: vpc.id });
    return vpc;
  }

  private createSubnet(
    props: LakeNetworkProps,
    zones: DataAwsAvailabilityZones,
    tier: "public" | "private",
    zone: number,
  ): Subnet {
    const first = tier === "private" ? 0 : ZONES.length;
    return new Subnet(this, `${tier}_${ZONES[zone]}.subnet`, {
      vpcId: this.vpc.id,
      cidrBlock: Fn.cidrsubnet(props.vpcCidr, SUBNET_BITS, first + zone),
      availabilityZone: Fn.element(zones.names, zone),
      mapPublicIpOnLaunch: false,
      tags: { Name: `${props.name}-${tier}-${ZONES[zone]}` },
    });
  }

  /** A table for each private subnet, with no route but the VPC's own. */
  private createPrivateRoutes(props: LakeNetworkProps): string[] {
    return ZONES.map((zone, index) => {
      const table = new RouteTable(this, `private_${zone}`, {
        vpcId: this.vpc.id,
        tags: { Name: `${props.name}-private-${zone}` },
      });
      new RouteTableAssociation(this, `private_${zone}.routes`, {
        subnetId: this.privateSubnetIds[index] ?? "",
        routeTableId: table.id,
      });
      return table.id;
    });
  }

  private createEndpoints(
    props: LakeNetworkProps,
    privateRouteTableIds: readonly string[],
  ): ServiceEndpoints {
    return new ServiceEndpoints(this, "endpoints", {
      name: props.name,
      vpcId: this.vpc.id,
      place: props.place,
      privateSubnetIds: this.privateSubnetIds,
      privateRouteTableIds,
      workersGroupId: this.securityGroupId,
      bucketArns: props.bucketArns,
    });
  }

  private createInternetEgress(
    props: LakeNetworkProps,
    zones: DataAwsAvailabilityZones,
    routeTableIds: readonly string[],
  ): void {
    const { natGatewayIds } = new InternetEgress(this, "internet", {
      name: props.name,
      vpcId: this.vpc.id,
      zones: ZONES,
      single: props.singleNatGateway,
      publicSubnet: (zone) => this.createSubnet(props, zones, "public", zone),
    });
    ZONES.forEach((zone, index) => {
      new Route(this, `private_${zone}.nat`, {
        routeTableId: routeTableIds[index] ?? "",
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: natGatewayIds.get(zone),
      });
    });
  }

  private logFlows(props: LakeNetworkProps): void {
    const group = new CloudwatchLogGroup(this, "flow_logs", {
      name: props.flowLogGroupName,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.keyArn,
    });
    const role = new IamRole(this, "flow_logs.role", {
      name: props.flowLogRoleName,
      assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com", props.place.accountId),
    });
    new IamRolePolicy(this, "flow_logs.policy", {
      name: "permissions",
      role: role.id,
      // VPC User Guide, IAM role for publishing flow logs to CloudWatch Logs.
      policy: policy(
        writeLogs(group.arn),
        allow("FindLogStreams", "logs:DescribeLogStreams", `${group.arn}:*`),
        // It lists, and knows no resource that could be named.
        allow("FindLogGroup", "logs:DescribeLogGroups", "*"),
      ),
    });
    new FlowLog(this, "lake.flows", {
      vpcId: this.vpc.id,
      // What was let through too: after an incident it says what left, and where to.
      trafficType: "ALL",
      iamRoleArn: role.arn,
      logDestination: group.arn,
      tags: { Name: props.name },
    });
  }
}
