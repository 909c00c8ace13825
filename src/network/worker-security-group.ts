import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

export interface WorkerSecurityGroupProps {
  readonly name: string;
  readonly vpcId: string;
}

/** What Spark's workers may say: anything to each other, TLS to AWS services, nothing else. */
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
    this.letWorkersReachServices();
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

  private letWorkersReachServices(): void {
    new VpcSecurityGroupEgressRule(this, "emr_https", {
      securityGroupId: this.groupId,
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      description: "AWS services over TLS",
    });
  }
}
