import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, Fn, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { policy, type Statement, trust, writeLogs } from "./iam";
import { LAMBDA_RUNTIME } from "./lambda-runtime";

export interface NodeFunctionProps {
  readonly functionName: string;
  readonly roleName: string;
  readonly description: string;
  /** Zip with `index.mjs`, which exports `handler`. */
  readonly zipPath: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Record<string, string>;
  readonly logGroupName: string;
  /** ARN of the key that the log and the environment are encrypted with. */
  readonly keyArn: string;
  /** What the function may do, beside writing its log. */
  readonly statements: readonly Statement[];
  readonly logRetentionDays: number;
}

/** A Lambda function in Node with its own role and log group. Its id is the address of all three. */
export class NodeFunction extends Construct {
  readonly function: LambdaFunction;
  readonly arn: string;
  /** Wait for it where the function must not be called before it may act. */
  readonly permissions: IamRolePolicy;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const logGroup = new CloudwatchLogGroup(this, `${id}.logs`, {
      name: props.logGroupName,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.keyArn,
    });
    const role = new IamRole(this, `${id}.role`, {
      name: props.roleName,
      assumeRolePolicy: trust("lambda.amazonaws.com"),
    });
    this.permissions = new IamRolePolicy(this, `${id}.policy`, {
      name: "permissions",
      role: role.id,
      policy: policy(writeLogs(logGroup.arn), ...props.statements),
    });
    this.function = this.createFunction(props, role, logGroup);
    this.arn = this.function.arn;
  }

  private createFunction(
    props: NodeFunctionProps,
    role: IamRole,
    logGroup: CloudwatchLogGroup,
  ): LambdaFunction {
    const id = this.node.id;
    const zip = new TerraformAsset(this, `${id}.zip`, {
      path: props.zipPath,
      type: AssetType.FILE,
    });
    return new LambdaFunction(this, id, {
      functionName: props.functionName,
      description: props.description,
      role: role.arn,
      runtime: LAMBDA_RUNTIME,
      architectures: ["arm64"],
      handler: "index.handler",
      filename: zip.path,
      sourceCodeHash: Fn.filebase64sha256(zip.path),
      timeout: props.timeoutSeconds,
      memorySize: props.memoryMb,
      environment: { variables: props.environment },
      kmsKeyArn: props.keyArn,
      // The group must exist first, or Lambda makes one that never expires.
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
    });
  }
}
