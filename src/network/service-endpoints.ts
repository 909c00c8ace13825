import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { Place } from "../place";
import { logsThroughEndpoint, s3ThroughEndpoint, tablesThroughEndpoint } from "./endpoint-policies";

export interface ServiceEndpointsProps {
  /** Prefix of the names. */
  readonly name: string;
  readonly vpcId: string;
  readonly place: Place;
  readonly privateSubnetIds: readonly string[];
  readonly privateRouteTableIds: readonly string[];
  /** Group of the workers, which alone may talk to the interface endpoints. */
  readonly workersGroupId: string;
  /** ARNs of the buckets that the workers read and write. */
  readonly bucketArns: readonly string[];
}

/**
 * The AWS services that the job calls, without a way to the internet: S3 for data, Glue for table
 * commits, CloudWatch Logs for what the workers print. KMS is not among them: S3 and Logs call it
 * themselves for what they encrypt.
 */
export class ServiceEndpoints extends Construct {
  /** Prefix list of S3's addresses in the region. */
  readonly s3PrefixListId: string;
  /** Security group of the interface endpoints. */
  readonly groupId: string;

  constructor(scope: Construct, id: string, props: ServiceEndpointsProps) {
    super(scope, id);
    this.s3PrefixListId = this.gateway(props);
    this.groupId = this.createGroup(props);
    this.interface("glue", tablesThroughEndpoint(props.place), props);
    this.interface("logs", logsThroughEndpoint(props.place), props);
  }

  /** Costs nothing, and keeps data off a NAT gateway, which is paid by the GB. */
  private gateway(props: ServiceEndpointsProps): string {
    const endpoint = new VpcEndpoint(this, "s3", {
      vpcId: props.vpcId,
      serviceName: `com.amazonaws.${props.place.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: [...props.privateRouteTableIds],
      policy: s3ThroughEndpoint(props),
      tags: { Name: `${props.name}-s3` },
    });
    return endpoint.prefixListId;
  }

  private interface(service: string, policy: string, props: ServiceEndpointsProps): void {
    new VpcEndpoint(this, service, {
      vpcId: props.vpcId,
      serviceName: `com.amazonaws.${props.place.region}.${service}`,
      vpcEndpointType: "Interface",
      subnetIds: [...props.privateSubnetIds],
      securityGroupIds: [this.groupId],
      // The service's usual name leads here, so that no client has to be told.
      privateDnsEnabled: true,
      policy,
      tags: { Name: `${props.name}-${service}` },
    });
  }

  private createGroup(props: ServiceEndpointsProps): string {
    const name = `${props.name}-endpoints`;
    const group = new SecurityGroup(this, "endpoints", {
      name,
      description: "Interface endpoints of the data lake",
      vpcId: props.vpcId,
      tags: { Name: name },
    });
    new VpcSecurityGroupIngressRule(this, "endpoints.workers-in", {
      securityGroupId: group.id,
      referencedSecurityGroupId: props.workersGroupId,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      description: "TLS from the workers",
    });
    return group.id;
  }
}
