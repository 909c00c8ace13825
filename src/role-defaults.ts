import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * Gives every role under a scope its path and boundary, so that no construct can forget them.
 * @param path `/` or `/…/`
 * @param permissionsBoundary ARN of the policy beyond which no role may go; none by default
 */
export function setRoleDefaults(
  scope: IConstruct,
  path: string,
  permissionsBoundary: string | undefined,
): void {
  Aspects.of(scope).add(new RoleDefaults(path, permissionsBoundary));
}

class RoleDefaults implements IAspect {
  constructor(
    private readonly path: string,
    private readonly permissionsBoundary: string | undefined,
  ) {}

  visit(node: IConstruct): void {
    if (!(node instanceof IamRole)) return;
    node.path = this.path;
    if (this.permissionsBoundary) node.permissionsBoundary = this.permissionsBoundary;
  }
}
