import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { IAspect } from "cdktf";
import type { IConstruct } from "constructs";

/** What an account may ask of every role that is made in it. */
export interface RoleDefaultsProps {
  /** Path of the roles, `/` or `/…/`. */
  readonly path: string;
  /** ARN of the policy beyond which no role may go. @default none */
  readonly permissionsBoundary?: string | undefined;
}

/** Gives every role under a scope its path and boundary, so that no construct can forget them. */
export class RoleDefaults implements IAspect {
  constructor(private readonly props: RoleDefaultsProps) {}

  visit(node: IConstruct): void {
    if (!(node instanceof IamRole)) return;
    node.path = this.props.path;
    if (this.props.permissionsBoundary) node.permissionsBoundary = this.props.permissionsBoundary;
  }
}
