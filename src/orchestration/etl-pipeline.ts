import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import {
  allow,
  type EncryptionKey,
  listPrefixes,
  passRole,
  policy,
  trust,
  useKey,
  useKeyForExecutions,
} from "../iam";
import { SOURCES_KEY, ZONE_PREFIX } from "../naming";
import { NodeFunction } from "../node-function";
import type { Place } from "../place";
import { type DefinitionProps, definition } from "./definition";
import { LocksTable } from "./locks-table";

/** A bucket by its name and ARN. */
interface Bucket {
  readonly name: string;
  readonly arn: string;
}

export interface EtlPipelineProps {
  readonly stateMachineName: string;
  readonly roleName: string;
  readonly validateFunctionName: string;
  readonly validateRoleName: string;
  readonly validateZipPath: string;
  readonly logGroupNames: { readonly etlPipeline: string; readonly validate: string };
  readonly locksTableName: string;
  /** What the machine, its data and the table of locks are encrypted with. */
  readonly key: EncryptionKey;
  /** Refuse to delete the table of locks. */
  readonly retainData: boolean;
  readonly place: Place;
  readonly landing: Bucket;
  readonly etl: Bucket;
  readonly applicationArn: string;
  readonly crawlerArn: string;
  /** The definition's values, but for what this construct makes. */
  readonly definition: Omit<DefinitionProps, "validateFunctionArn" | "locksTableName">;
  readonly logRetentionDays: number;
}

/** How long Step Functions uses one data key before it asks KMS for the next: its own default. */
const DATA_KEY_SECONDS = 300;

/** The state machine that turns landed files into a table, with the function that validates. */
export class EtlPipeline extends Construct {
  readonly stateMachineArn: string;
  readonly locksTable: { readonly name: string; readonly arn: string };

  constructor(scope: Construct, id: string, props: EtlPipelineProps) {
    super(scope, id);
    const validate = this.createValidate(props);
    const locks = new LocksTable(this, "locks-table", {
      tableName: props.locksTableName,
      keyArn: props.key.arn,
      retainData: props.retainData,
    });
    const logGroup = new CloudwatchLogGroup(this, "etl_pipeline.logs", {
      name: props.logGroupNames.etlPipeline,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.key.arn,
    });
    const { role, permissions } = this.createRole(props, validate.arn, locks.arn);
    const stateMachine = new SfnStateMachine(this, "etl_pipeline", {
      name: props.stateMachineName,
      roleArn: role.arn,
      definition: JSON.stringify(
        definition({
          ...props.definition,
          validateFunctionArn: validate.arn,
          locksTableName: locks.name,
        }),
      ),
      loggingConfiguration: {
        level: "ERROR",
        includeExecutionData: true,
        logDestination: `${logGroup.arn}:*`,
      },
      encryptionConfiguration: {
        type: "CUSTOMER_MANAGED_KMS_KEY",
        kmsKeyId: props.key.arn,
        kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS,
      },
      // Step Functions tries the role's permissions out when a machine is made.
      dependsOn: [permissions],
    });
    this.stateMachineArn = stateMachine.arn;
    this.locksTable = locks;
  }

  private createValidate(props: EtlPipelineProps): NodeFunction {
    return new NodeFunction(this, "validate", {
      functionName: props.validateFunctionName,
      roleName: props.validateRoleName,
      description: "Counts the data files of the days that an execution ingests",
      zipPath: props.validateZipPath,
      logGroupName: props.logGroupNames.validate,
      keyArn: props.key.arn,
      timeoutSeconds: 60,
      memoryMb: 256,
      environment: {
        LANDING_BUCKET: props.landing.name,
        ETL_BUCKET: props.etl.name,
        SOURCES_KEY,
      },
      statements: [
        listPrefixes("ListRaw", props.landing.arn, [ZONE_PREFIX.raw]),
        allow("ReadSources", "s3:GetObject", `${props.etl.arn}/${SOURCES_KEY}`),
        useKey("UseKey", props.key, ["kms:Decrypt"], "s3"),
      ],
      logRetentionDays: props.logRetentionDays,
    });
  }

  private createRole(props: EtlPipelineProps, validateArn: string, locksTableArn: string) {
    const role = new IamRole(this, "stepfunctions", {
      name: props.roleName,
      assumeRolePolicy: trust("states.amazonaws.com", props.place.accountId),
    });
    const { place } = props;
    const managedRule = place.arn("events", "rule/StepFunctionsGetEventsForEMRServerlessJobRule");
    const permissions = new IamRolePolicy(this, "stepfunctions.policy", {
      name: "permissions",
      role: role.id,
      policy: policy(
        allow("InvokeValidate", "lambda:InvokeFunction", validateArn),
        allow("Lock", ["dynamodb:UpdateItem", "dynamodb:GetItem"], locksTableArn),
        // Whether who holds a lock is still at it.
        allow(
          "DescribeOwner",
          "states:DescribeExecution",
          place.arn("states", `execution:${props.stateMachineName}:*`),
        ),
        // A source has more days to ingest than one run takes.
        allow(
          "StartRest",
          "states:StartExecution",
          place.arn("states", `stateMachine:${props.stateMachineName}`),
        ),
        allow("ListJobsOfOwner", "emr-serverless:ListJobRuns", props.applicationArn),
        allow("StartJobRun", "emr-serverless:StartJobRun", props.applicationArn),
        allow(
          "FollowJobRun",
          ["emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"],
          `${props.applicationArn}/jobruns/*`,
        ),
        passRole(props.definition.executionRoleArn, "emr-serverless.amazonaws.com"),
        allow(
          "WaitForJobRun",
          ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
          managedRule,
        ),
        allow("Crawl", ["glue:StartCrawler", "glue:GetCrawler"], props.crawlerArn),
        allow("Report", "sns:Publish", props.definition.topicArn),
        // EMR Serverless takes a job only from who may use the key of its logs.
        useKey(
          "UseKey",
          props.key,
          ["kms:Decrypt", "kms:GenerateDataKey"],
          "dynamodb",
          "emr-serverless",
          "sns",
        ),
        useKeyForExecutions(
          props.key,
          place.arn("states", `stateMachine:${props.stateMachineName}`),
          ["kms:Decrypt", "kms:GenerateDataKey"],
        ),
        allow("EncryptLogs", "kms:GenerateDataKey", props.key.arn, {
          StringLike: { "kms:EncryptionContext:SourceArn": place.arn("logs", "*") },
        }),
        // Log delivery is set up by actions that know no resource.
        allow(
          "DeliverLogs",
          [
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
          ],
          "*",
        ),
      ),
    });
    return { role, permissions };
  }
}
