import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import type { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Construct } from "constructs";

export interface InternetEgressProps {
  /** Value of the tag Name. */
  readonly name: string;
  readonly vpcId: string;
  /** Zones that have private subnets. */
  readonly zones: readonly string[];
  /** One NAT gateway, in the first zone, for all of them. */
  readonly single: boolean;
  /** Makes the public subnet of a zone, given its place among them. */
  readonly publicSubnet: (zone: number) => Subnet;
}

/** A way from private subnets to the internet: public subnets, their gateway, and NAT. */
export class InternetEgress extends Construct {
  /** Id of the NAT gateway that a zone's workers use, by zone. */
  readonly natGatewayIds: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, props: InternetEgressProps) {
    super(scope, id);
    const tags = { Name: props.name };
    const internet = new InternetGateway(this, "lake", { vpcId: props.vpcId, tags });
    const routes = new RouteTable(this, "public", { vpcId: props.vpcId, tags });
    new Route(this, "public.internet", {
      routeTableId: routes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: internet.id,
    });
    const gateway = (zone: string) => this.natGateway(props, zone, internet, routes);
    const [first = "", ...others] = props.zones;
    const shared = gateway(first);
    this.natGatewayIds = new Map([
      [first, shared],
      ...others.map((zone): [string, string] => [zone, props.single ? shared : gateway(zone)]),
    ]);
  }

  private natGateway(
    props: InternetEgressProps,
    zone: string,
    internet: InternetGateway,
    routes: RouteTable,
  ): string {
    const tags = { Name: props.name };
    const subnetId = props.publicSubnet(props.zones.indexOf(zone)).id;
    new RouteTableAssociation(this, `public_${zone}`, { subnetId, routeTableId: routes.id });
    const address = new Eip(this, `nat_${zone}.address`, { domain: "vpc", tags });
    const nat = new NatGateway(this, `nat_${zone}`, {
      allocationId: address.id,
      subnetId,
      tags,
      dependsOn: [internet],
    });
    return nat.id;
  }
}
