import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import {
  EmrserverlessApplication,
  type EmrserverlessApplicationInitialCapacity,
  type EmrserverlessApplicationNetworkConfiguration,
} from "@cdktf/provider-aws/lib/emrserverless-application";
import { Construct } from "constructs";
import type { Resources } from "../config/capacity";

/** Workers kept ready for one role of a Spark job. */
export interface WarmWorkers {
  readonly count: number;
  readonly worker: Resources;
}

export interface SparkApplicationProps {
  readonly name: string;
  /** EMR release, such as `emr-7.12.0`. */
  readonly releaseLabel: string;
  readonly architecture: "X86_64" | "ARM64";
  /** The most that all running jobs may have together. */
  readonly maximumCapacity: Resources;
  /** Minutes without a job after which the application stops. */
  readonly idleTimeoutMinutes: number;
  /** Billed while the application is started, also when idle. @default none */
  readonly preWarmed?: { readonly driver: WarmWorkers; readonly executor: WarmWorkers } | undefined;
  /** @default the service's own network, with a way to AWS services in the region */
  readonly network?: { readonly subnetIds: string[]; readonly securityGroupId: string } | undefined;
  /** Log group of the jobs' drivers. */
  readonly logGroupName: string;
  readonly logRetentionDays: number;
  /** ARN of the key that the log is encrypted with. */
  readonly keyArn: string;
}

/** The EMR Serverless application that runs Spark. It starts with a job and stops when idle. */
export class SparkApplication extends Construct {
  readonly id: string;
  readonly arn: string;
  /** Log group of the jobs' drivers. */
  readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: SparkApplicationProps) {
    super(scope, id);
    this.logGroup = new CloudwatchLogGroup(this, "emr_serverless", {
      name: props.logGroupName,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.keyArn,
    });
    const application = new EmrserverlessApplication(this, "spark", {
      name: props.name,
      releaseLabel: props.releaseLabel,
      type: "SPARK",
      architecture: props.architecture,
      maximumCapacity: inWords(props.maximumCapacity),
      initialCapacity: initialCapacity(props.preWarmed),
      autoStartConfiguration: { enabled: true },
      autoStopConfiguration: { enabled: true, idleTimeoutMinutes: props.idleTimeoutMinutes },
      networkConfiguration: networkConfiguration(props.network),
    });
    this.id = application.id;
    this.arn = application.arn;
  }
}

function inWords(resources: Resources) {
  return {
    cpu: `${resources.vcpu} vCPU`,
    memory: `${resources.memoryGb} GB`,
    disk: `${resources.diskGb} GB`,
  };
}

function initialCapacity(
  warm: SparkApplicationProps["preWarmed"],
): EmrserverlessApplicationInitialCapacity[] | undefined {
  if (warm === undefined) return undefined;
  const roles = [
    ["Driver", warm.driver],
    ["Executor", warm.executor],
  ] as const;
  return roles
    .filter(([, workers]) => workers.count > 0)
    .map(([role, workers]) => ({
      initialCapacityType: role,
      initialCapacityConfig: {
        workerCount: workers.count,
        workerConfiguration: inWords(workers.worker),
      },
    }));
}

function networkConfiguration(
  network: SparkApplicationProps["network"],
): EmrserverlessApplicationNetworkConfiguration | undefined {
  return network && { subnetIds: network.subnetIds, securityGroupIds: [network.securityGroupId] };
}
