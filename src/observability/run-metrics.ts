import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { ENDED_STATES, JOB_RUN_CHANGE, RUNNING_LOOK_MINUTES } from "../../lambda/metrics/contract";
import { allow, type EncryptionKey, readPrefixes, useKey } from "../iam";
import { SOURCES_KEY, ZONE_PREFIX } from "../naming";
import { NodeFunction } from "../node-function";

/** USD for an hour of one, of EMR Serverless's workers. */
export interface WorkerPrices {
  readonly vcpuHour: number;
  readonly memoryGbHour: number;
  /** Of the disk beyond what each worker has for nothing. */
  readonly storageGbHour: number;
}

export interface RunMetricsProps {
  readonly functionName: string;
  readonly roleName: string;
  readonly logGroupName: string;
  readonly rules: { readonly jobEnded: string; readonly metricsSchedule: string };
  readonly zipPath: string;
  /** Name of the lake, the first dimension of its metrics. */
  readonly lake: string;
  readonly application: { readonly id: string; readonly arn: string };
  /** Where runs leave their summaries, and the sources are declared. */
  readonly etl: { readonly name: string; readonly arn: string };
  readonly prices: WorkerPrices;
  /** Look at the jobs that run, too: someone waits for how long they take. */
  readonly watchRunning: boolean;
  /** What the bucket, the log and the function's environment are encrypted with. */
  readonly key: EncryptionKey;
  readonly logRetentionDays: number;
}

/** Longer than the function waits for the bill of a job. */
const TIMEOUT_SECONDS = 180;

/** From the end of a job to the lake's own metrics: rule, function. */
export class RunMetrics extends Construct {
  constructor(scope: Construct, id: string, props: RunMetricsProps) {
    super(scope, id);
    const metrics = this.createFunction(props);
    this.call(metrics, this.onJobEnded(props));
    if (props.watchRunning) this.call(metrics, this.onSchedule(props));
  }

  private createFunction(props: RunMetricsProps): NodeFunction {
    const { application, etl, prices } = props;
    return new NodeFunction(this, "metrics", {
      functionName: props.functionName,
      roleName: props.roleName,
      description: "Measures rows, time and cost of each job, by its source",
      zipPath: props.zipPath,
      logGroupName: props.logGroupName,
      keyArn: props.key.arn,
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: 256,
      environment: {
        LAKE: props.lake,
        APPLICATION_ID: application.id,
        ETL_BUCKET: etl.name,
        SOURCES_KEY,
        RUNS_PREFIX: ZONE_PREFIX.runs,
        USD_PER_VCPU_HOUR: String(prices.vcpuHour),
        USD_PER_MEMORY_GB_HOUR: String(prices.memoryGbHour),
        USD_PER_STORAGE_GB_HOUR: String(prices.storageGbHour),
      },
      statements: [
        allow("ReadJobRuns", "emr-serverless:GetJobRun", `${application.arn}/jobruns/*`),
        ...(props.watchRunning
          ? [allow("ListJobRuns", "emr-serverless:ListJobRuns", application.arn)]
          : []),
        allow("ReadSources", "s3:GetObject", `${etl.arn}/${SOURCES_KEY}`),
        // Listed too: a run that died has no summary, and S3 says so only to who may list.
        ...readPrefixes("Summaries", etl.arn, [ZONE_PREFIX.runs]),
        useKey("UseKey", props.key, ["kms:Decrypt"], "s3"),
      ],
      logRetentionDays: props.logRetentionDays,
    });
  }

  /** EMR Serverless sends such events as best it can: a run whose event is lost is not measured. */
  private onJobEnded({ rules, application }: RunMetricsProps): CloudwatchEventRule {
    return new CloudwatchEventRule(this, "job_ended", {
      name: rules.jobEnded,
      description: "A job of the lake's application has ended",
      eventPattern: JSON.stringify({
        source: ["aws.emr-serverless"],
        "detail-type": [JOB_RUN_CHANGE],
        detail: { applicationId: [application.id], state: ENDED_STATES },
      }),
    });
  }

  private onSchedule({ rules }: RunMetricsProps): CloudwatchEventRule {
    return new CloudwatchEventRule(this, "metrics_schedule", {
      name: rules.metricsSchedule,
      description: "Time to see how long jobs have been running",
      scheduleExpression: `rate(${RUNNING_LOOK_MINUTES} minutes)`,
    });
  }

  /** Without dead letters: a call that is lost is a point missing in a graph, and Lambda tries thrice. */
  private call(metrics: NodeFunction, rule: CloudwatchEventRule): void {
    const name = rule.node.id;
    const permission = new LambdaPermission(this, `${name}.permission`, {
      statementId: name,
      action: "lambda:InvokeFunction",
      functionName: metrics.function.functionName,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, `${name}.target`, {
      rule: rule.name,
      targetId: "metrics",
      arn: metrics.arn,
      dependsOn: [permission],
    });
  }
}
