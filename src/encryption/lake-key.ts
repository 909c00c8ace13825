import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import type { EncryptionKey } from "../iam";
import { type KeyPolicyProps, keyPolicy } from "./key-policy";

/** Days between asking for the key's deletion and the deletion: AWS takes 7 to 30. */
const DELETION_DAYS = { retained: 30, expendable: 7 };

export interface LakeKeyProps extends KeyPolicyProps {
  /** Such as `alias/data-lake-dev`. */
  readonly aliasName: string;
  /** Refuse to delete the key: what it has encrypted would be lost with it. */
  readonly retainData: boolean;
}

/** The one key that everything in the lake is encrypted with. AWS turns it over every year. */
export class LakeKey extends Construct implements EncryptionKey {
  readonly arn: string;
  readonly region: string;

  constructor(scope: Construct, id: string, props: LakeKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "lake", {
      description: "Everything that the data lake stores",
      enableKeyRotation: true,
      deletionWindowInDays: props.retainData ? DELETION_DAYS.retained : DELETION_DAYS.expendable,
      policy: keyPolicy(props),
      ...(props.retainData && { lifecycle: { preventDestroy: true } }),
    });
    new KmsAlias(this, "lake.alias", { name: props.aliasName, targetKeyId: key.keyId });
    this.arn = key.arn;
    this.region = props.place.region;
  }
}
