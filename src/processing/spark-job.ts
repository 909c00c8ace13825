import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import {
  allow,
  type EncryptionKey,
  listPrefixes,
  objectsUnder,
  policy,
  readPrefixes,
  type Statement,
  trust,
  useKey,
  writePrefixes,
} from "../iam";
import { SOURCES_KEY, tablesPolicyName, ZONE_PREFIX } from "../naming";
import type { Place } from "../place";

/** A bucket by its name and ARN. */
interface Bucket {
  readonly name: string;
  readonly arn: string;
}

export interface SparkJobProps {
  readonly roleName: string;
  readonly place: Place;
  readonly landing: Bucket;
  readonly processed: Bucket;
  readonly etl: Bucket;
  /** What the buckets are encrypted with. */
  readonly key: EncryptionKey;
  /** ARN of the log group that the drivers write to. */
  readonly logGroupArn: string;
  /** The script that Spark is given. */
  readonly script: { readonly name: string; readonly path: string };
  /** The zip with the script's packages. */
  readonly packagesPath: string;
  /** Database of the tables that the job commits to. */
  readonly databaseName: string;
  /** Sources as the job reads them, `{ name: { format, layout, schema?, … } }`. */
  readonly sources: Readonly<Record<string, object>>;
  /** Tables that the job commits to, in lists that each fit one policy. */
  readonly tableLists: readonly (readonly string[])[];
}

/** The job's code and configuration in the etl bucket, and the role that it runs with. */
export class SparkJob extends Construct {
  readonly roleArn: string;
  /** `s3://` URI of the script. */
  readonly entryPoint: string;
  /** `s3://` URI of the packages. */
  readonly packages: string;
  /** `s3://` URI of the sources' configuration. */
  readonly config: string;

  constructor(scope: Construct, id: string, props: SparkJobProps) {
    super(scope, id);
    this.roleArn = this.createRole(props);
    const upload = (objectId: string, name: string, path: string) =>
      this.upload(props, objectId, `${ZONE_PREFIX.jobs}${name}`, path);
    this.entryPoint = upload("spark_job", props.script.name, props.script.path);
    this.packages = upload("spark_packages", "lake.zip", props.packagesPath);
    this.config = this.writeConfig(props);
  }

  private createRole(props: SparkJobProps): string {
    const role = new IamRole(this, "emr_execution", {
      name: props.roleName,
      assumeRolePolicy: trust("emr-serverless.amazonaws.com", props.place.accountId),
    });
    new IamRolePolicy(this, "emr_execution.policy", {
      name: "permissions",
      role: role.id,
      policy: policy(
        ...readPrefixes("Raw", props.landing.arn, [ZONE_PREFIX.raw]),
        ...writePrefixes("Processed", props.processed.arn, [
          ZONE_PREFIX.processed,
          ZONE_PREFIX.quarantine,
        ]),
        ...this.commitTables(props, role),
        allow(
          "ReadCode",
          "s3:GetObject",
          objectsUnder(props.etl.arn, [ZONE_PREFIX.jobs, ZONE_PREFIX.config]),
        ),
        listPrefixes("ListRuns", props.etl.arn, [ZONE_PREFIX.runs]),
        allow(
          "WriteRuns",
          ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
          objectsUnder(props.etl.arn, [ZONE_PREFIX.runs]),
        ),
        allow(
          "WriteJobLogs",
          ["s3:PutObject", "s3:AbortMultipartUpload"],
          objectsUnder(props.etl.arn, [ZONE_PREFIX.logs]),
        ),
        useKey("UseKey", props.key, ["kms:Decrypt", "kms:GenerateDataKey"], "emr-serverless", "s3"),
        allow(
          "WriteLogs",
          ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          `${props.logGroupArn}:*`,
        ),
        // EMR Serverless looks its log group up by listing, which has no narrower resource.
        allow("FindLogGroup", "logs:DescribeLogGroups", "*"),
      ),
    });
    return role.arn;
  }

  /** Table by table; what the inline policy has no room for stands in policies of their own. */
  private commitTables(props: SparkJobProps, role: IamRole): Statement[] {
    const { databaseName, place } = props;
    const [inline, ...others] = props.tableLists.map((list) =>
      list.map((name) => place.arn("glue", `table/${databaseName}/${name}`)),
    );
    if (inline === undefined) return [];
    for (const [index, arns] of others.entries()) this.addPolicy(props, role, index + 2, arns);
    const above = [place.arn("glue", "catalog"), place.arn("glue", `database/${databaseName}`)];
    return [commit([...above, ...inline])];
  }

  private addPolicy(props: SparkJobProps, role: IamRole, number: number, arns: string[]): void {
    const id = `emr_execution_tables_${number}`;
    const tables = new IamPolicy(this, id, {
      name: tablesPolicyName(props.roleName, number),
      policy: policy(commit(arns)),
    });
    new IamRolePolicyAttachment(this, `${id}.attachment`, {
      role: role.name,
      policyArn: tables.arn,
    });
  }

  private upload(props: SparkJobProps, id: string, key: string, path: string): string {
    const asset = new TerraformAsset(this, `${id}_asset`, { path, type: AssetType.FILE });
    new S3Object(this, id, {
      bucket: props.etl.name,
      key,
      source: asset.path,
      ...encryptedWith(props.key.arn),
      sourceHash: asset.assetHash,
    });
    return `s3://${props.etl.name}/${key}`;
  }

  private writeConfig(props: SparkJobProps): string {
    new S3Object(this, "sources", {
      bucket: props.etl.name,
      key: SOURCES_KEY,
      content: JSON.stringify(props.sources),
      contentType: "application/json",
      ...encryptedWith(props.key.arn),
    });
    return `s3://${props.etl.name}/${SOURCES_KEY}`;
  }
}

function commit(resources: readonly string[]): Statement {
  return allow(
    "CommitTables",
    // Deleted is only what a first run made that died before it had a row.
    ["glue:GetTable", "glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable"],
    resources,
  );
}

/** Named, since the object may be there before its bucket's own encryption is. */
function encryptedWith(keyArn: string) {
  return { serverSideEncryption: "aws:kms", kmsKeyId: keyArn, bucketKeyEnabled: true };
}
