import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

export interface WorkerSecurityGroupProps {
  readonly name: string;
  readonly vpcId: string;
}

/** What Spark's workers may say: anything to each other, TLS where they are let, nothing else. */
export class WorkerSecurityGroup extends Construct {
  readonly groupId: string;

  constructor(scope: Construct, id: string, props: WorkerSecurityGroupProps) {
    super(scope, id);
    const group = new SecurityGroup(this, "emr", {
      name: props.name,
      description: "Spark workers of the data lake",
      vpcId: props.vpcId,
      tags: { Name: props.name },
    });
    this.groupId = group.id;
    this.letWorkersTalk();
  }

  private letWorkersTalk(): void {
    const rule = {
      securityGroupId: this.groupId,
      referencedSecurityGroupId: this.groupId,
      ipProtocol: "-1",
      description: "Driver and executors talk to each other",
    };
    new VpcSecurityGroupIngressRule(this, "emr.workers-in", rule);
    new VpcSecurityGroupEgressRule(this, "emr_workers", rule);
  }

  /** TLS to S3, through its gateway endpoint, and to what stands behind interface endpoints. */
  letReachServices(s3PrefixListId: string, endpointsGroupId: string): void {
    this.letReach("s3", { prefixListId: s3PrefixListId, description: "S3 over TLS" });
    this.letReach("endpoints", {
      referencedSecurityGroupId: endpointsGroupId,
      description: "AWS services over TLS",
    });
  }

  /** TLS to everywhere. */
  letReachInternet(): void {
    this.letReach("https", { cidrIpv4: "0.0.0.0/0", description: "The internet over TLS" });
  }

  private letReach(
    what: string,
    peer: {
      readonly prefixListId?: string;
      readonly referencedSecurityGroupId?: string;
      readonly cidrIpv4?: string;
      readonly description: string;
    },
  ): void {
    new VpcSecurityGroupEgressRule(this, `emr_${what}`, {
      securityGroupId: this.groupId,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      ...peer,
    });
  }
}
