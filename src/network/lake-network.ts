import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { policy, trust, writeLogs } from "../iam";
import { WorkerSecurityGroup } from "./worker-security-group";

/** EMR Serverless asks for subnets in more than one zone, so that one zone's outage stops nothing. */
const ZONES = ["a", "b"] as const;
type Zone = (typeof ZONES)[number];
/** Bits that a subnet's mask is longer than the VPC's: 16 subnets, of which four are used. */
const SUBNET_BITS = 4;

export interface LakeNetworkProps {
  /** Prefix of the names of everything in here. */
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  /** IPv4 block of the VPC, `/16` to `/24`. */
  readonly vpcCidr: string;
  /** One NAT gateway for all zones rather than one for each. */
  readonly singleNatGateway: boolean;
  readonly flowLogRoleName: string;
  readonly flowLogGroupName: string;
  /** ARN of the key that the flow log is encrypted with. */
  readonly keyArn: string;
  readonly logRetentionDays: number;
}

/** A VPC for the job: private subnets in two zones, a way out, S3 without leaving AWS. */
export class LakeNetwork extends Construct {
  readonly privateSubnetIds: string[];
  /** Security group of the job's workers. */
  readonly securityGroupId: string;
  private readonly vpc: Vpc;

  constructor(scope: Construct, id: string, props: LakeNetworkProps) {
    super(scope, id);
    this.vpc = this.createVpc(props);
    const zoneNames = new DataAwsAvailabilityZones(this, "available", { state: "available" });
    const subnet = (tier: "public" | "private", zone: Zone) =>
      this.createSubnet(props, zoneNames, tier, zone);
    const natGateways = this.createNatGateways(props, (zone) => subnet("public", zone));
    const privateSubnets = ZONES.map((zone) => subnet("private", zone));
    this.privateSubnetIds = privateSubnets.map((s) => s.id);
    this.createS3Endpoint(props, this.createPrivateRoutes(props, privateSubnets, natGateways));
    const workers = new WorkerSecurityGroup(this, "workers", {
      name: `${props.name}-emr`,
      vpcId: this.vpc.id,
    });
    this.securityGroupId = workers.groupId;
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
    zone: Zone,
  ): Subnet {
    const index = ZONES.indexOf(zone);
    return new Subnet(this, `${tier}_${zone}.subnet`, {
      vpcId: this.vpc.id,
      cidrBlock: Fn.cidrsubnet(
        props.vpcCidr,
        SUBNET_BITS,
        tier === "private" ? index : ZONES.length + index,
      ),
      availabilityZone: Fn.element(zones.names, index),
      mapPublicIpOnLaunch: false,
      tags: { Name: `${props.name}-${tier}-${zone}` },
    });
  }

  /** One gateway for each zone, or one for all; keyed by the zone whose workers use it. */
  private createNatGateways(
    props: LakeNetworkProps,
    publicSubnet: (zone: Zone) => Subnet,
  ): Map<Zone, NatGateway> {
    const tags = { Name: props.name };
    const internet = new InternetGateway(this, "lake.internet", { vpcId: this.vpc.id, tags });
    const routes = new RouteTable(this, "public", { vpcId: this.vpc.id, tags });
    new Route(this, "public.internet", {
      routeTableId: routes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: internet.id,
    });
    const gateway = (zone: Zone) => {
      const subnet = publicSubnet(zone);
      new RouteTableAssociation(this, `public_${zone}.routes`, {
        subnetId: subnet.id,
        routeTableId: routes.id,
      });
      const address = new Eip(this, `nat_${zone}.address`, { domain: "vpc", tags });
      return new NatGateway(this, `nat_${zone}`, {
        allocationId: address.id,
        subnetId: subnet.id,
        tags,
        dependsOn: [internet],
      });
    };
    if (!props.singleNatGateway) return new Map(ZONES.map((zone) => [zone, gateway(zone)]));
    const shared = gateway(ZONES[0]);
    return new Map(ZONES.map((zone) => [zone, shared]));
  }

  private createPrivateRoutes(
    props: LakeNetworkProps,
    subnets: readonly Subnet[],
    natGateways: ReadonlyMap<Zone, NatGateway>,
  ): string[] {
    return ZONES.map((zone, index) => {
      const table = new RouteTable(this, `private_${zone}`, {
        vpcId: this.vpc.id,
        tags: { Name: `${props.name}-private-${zone}` },
      });
      new Route(this, `private_${zone}.nat`, {
        routeTableId: table.id,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: natGateways.get(zone)?.id,
      });
      new RouteTableAssociation(this, `private_${zone}.routes`, {
        subnetId: subnets[index]?.id ?? "",
        routeTableId: table.id,
      });
      return table.id;
    });
  }

  /** Data goes to S3 by the gateway endpoint, which costs nothing, and not through NAT. */
  private createS3Endpoint(props: LakeNetworkProps, routeTableIds: string[]): void {
    new VpcEndpoint(this, "s3", {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${props.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds,
      tags: { Name: `${props.name}-s3` },
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
      assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com", props.accountId),
    });
    new IamRolePolicy(this, "flow_logs.policy", {
      name: "permissions",
      role: role.id,
      policy: policy(writeLogs(group.arn)),
    });
    new FlowLog(this, "lake.flows", {
      vpcId: this.vpc.id,
      trafficType: "REJECT",
      iamRoleArn: role.arn,
      logDestination: group.arn,
      tags: { Name: props.name },
    });
  }
}
