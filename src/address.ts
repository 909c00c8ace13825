/**
 * Terraform addresses as the template writes them: `aws_s3_bucket.landing`, no hashes.
 *
 * A bucket and its lifecycle share the address name `landing`, but one scope cannot hold two
 * children of one id. So an id is `name` or `name.part`, and the address name is what stands
 * before the first dot, at whatever depth of the construct tree the element lies.
 */
import {
  TerraformDataSource,
  TerraformElement,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import type { Node } from "constructs";

/** A stack whose elements have the template's addresses. Two elements may not share one. */
export abstract class AddressedStack extends TerraformStack {
  // Declared, not initialised: the parent's constructor may already allocate.
  declare private owners: Map<string, TerraformElement>;

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    if (!TerraformElement.isTerraformElement(element)) return super.allocateLogicalId(element);
    const name = addressName(element.node.id);
    this.claim(`${elementType(element)}.${name}`, element);
    return name;
  }

  /** cdktf merges two elements of one address silently: the second would overwrite the first. */
  private claim(address: string, element: TerraformElement): void {
    this.owners ??= new Map();
    const owner = this.owners.get(address);
    if (owner !== undefined && owner !== element)
      throw new Error(
        `two elements have the address ${address}: ${owner.node.path} and ${element.node.path}. Give one of them another id`,
      );
    this.owners.set(address, element);
  }
}

/** The address name that a construct id stands for. */
export function addressName(id: string): string {
  return id.split(".")[0] ?? id;
}

function elementType(element: TerraformElement): string {
  if (TerraformDataSource.isTerraformDataSource(element))
    return `data.${(element as TerraformDataSource).terraformResourceType}`;
  if (TerraformResource.isTerraformResource(element))
    return (element as TerraformResource).terraformResourceType;
  if (TerraformOutput.isTerraformOutput(element)) return "output";
  return element.constructor.name;
}
