import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { AddressedStack } from "../src/address";
import type { Bundles } from "../src/bundle";
import { LakeCatalog } from "../src/catalog/lake-catalog";
import { capacityOf } from "../src/config/capacity";
import type { Environment } from "../src/config/environment";
import { namingOf } from "../src/config/naming-of";
import type { Variables } from "../src/config/schema";
import { RawIngestion } from "../src/ingestion/raw-ingestion";
import { defaultTags, type Names, physicalNames, ZONE_PREFIX } from "../src/naming";
import { LakeNetwork } from "../src/network/lake-network";
import { AlertsTopic } from "../src/observability/alerts-topic";
import { LakeObservability } from "../src/observability/lake-observability";
import { EtlPipeline } from "../src/orchestration/etl-pipeline";
import { SparkApplication } from "../src/processing/spark-application";
import { SparkJob } from "../src/processing/spark-job";
import { LakeStorage } from "../src/storage/lake-storage";
import { keepStateIn, requireTerraform } from "../src/terraform";

/** The code that the lake runs, by path. */
export interface LakeCode extends Bundles {
  /** The script that Spark is given. */
  readonly jobScript: string;
}

/** One environment's data lake. */
export class DataLakeStack extends AddressedStack {
  private readonly variables: Variables;
  private readonly names: Names;
  private readonly accountId: string;
  private readonly partition: string;

  constructor(
    scope: Construct,
    id: string,
    environment: Environment,
    private readonly code: LakeCode,
  ) {
    super(scope, id);
    this.variables = environment.variables;
    const naming = namingOf(environment);
    this.names = physicalNames(naming);
    this.configureTerraform(defaultTags(naming));
    this.accountId = new DataAwsCallerIdentity(this, "current.account").accountId;
    this.partition = new DataAwsPartition(this, "current.partition").partition;

    const storage = this.storage();
    const alerts = this.alerts();
    const network = this.variables.enable_vpc ? this.network(storage) : undefined;
    const application = this.application(network);
    const job = this.job(storage, application);
    const catalog = this.catalog(storage);
    const pipeline = this.pipeline(storage, alerts, application, job, catalog);
    this.ingestion(storage, alerts, pipeline);
    this.observability(alerts, application);
  }

  private configureTerraform(tags: Record<string, string>): void {
    const { variables, names } = this;
    requireTerraform(this);
    keepStateIn(names.bucket.state, variables.aws_region, this);
    new AwsProvider(this, "aws", {
      region: variables.aws_region,
      ...(variables.account_id && { allowedAccountIds: [variables.account_id] }),
      defaultTags: [{ tags }],
    });
  }

  private storage(): LakeStorage {
    const { variables } = this;
    return new LakeStorage(this, "storage", {
      bucketNames: this.names.bucket,
      retainData: variables.retain_data,
      rawIntelligentTieringDays: variables.raw_intelligent_tiering_days,
      rawGlacierDays: variables.raw_glacier_days,
      tempExpirationDays: variables.temp_expiration_days,
      athenaResultsExpirationDays: variables.athena_results_expiration_days,
    });
  }

  private alerts(): AlertsTopic {
    return new AlertsTopic(this, "alerts-topic", {
      topicName: this.names.topic.alerts,
      accountId: this.accountId,
      alertEmails: this.variables.alert_emails,
    });
  }

  private network(storage: LakeStorage): LakeNetwork {
    const { variables } = this;
    return new LakeNetwork(this, "network", {
      name: this.names.network.lake,
      partition: this.partition,
      region: variables.aws_region,
      accountId: this.accountId,
      vpcCidr: variables.vpc_cidr,
      bucketArns: [storage.landing.arn, storage.processed.arn, storage.etl.arn],
      natGateway: variables.enable_nat_gateway,
      singleNatGateway: variables.single_nat_gateway,
      flowLogRoleName: this.names.role.flowLogs,
      logRetentionDays: variables.log_retention_days,
    });
  }

  private application(network: LakeNetwork | undefined): SparkApplication {
    const { variables } = this;
    const { available, driver, executor } = capacityOf(variables);
    return new SparkApplication(this, "application", {
      name: this.names.application.spark,
      releaseLabel: variables.emr_release_label,
      architecture: variables.emr_architecture,
      maximumCapacity: available,
      idleTimeoutMinutes: variables.emr_idle_timeout_minutes,
      preWarmed: variables.enable_pre_warming
        ? {
            driver: { count: 1, worker: driver },
            executor: { count: variables.spark_executor_instances, worker: executor },
          }
        : undefined,
      network: network && {
        subnetIds: network.privateSubnetIds,
        securityGroupId: network.securityGroupId,
      },
      logRetentionDays: variables.log_retention_days,
    });
  }

  private job(storage: LakeStorage, application: SparkApplication): SparkJob {
    return new SparkJob(this, "job", {
      roleName: this.names.role.emrExecution,
      partition: this.partition,
      region: this.variables.aws_region,
      accountId: this.accountId,
      landing: storage.landing,
      processed: storage.processed,
      etl: storage.etl,
      logGroupArn: application.logGroup.arn,
      script: { name: this.variables.spark_job_name, path: this.code.jobScript },
      packagesPath: this.code.jobPackages,
      databaseName: this.names.database.processed,
      sources: this.variables.sources,
    });
  }

  private catalog(storage: LakeStorage): LakeCatalog {
    const { sources } = this.variables;
    return new LakeCatalog(this, "catalog", {
      databaseName: this.names.database.processed,
      crawlerName: this.names.crawler.processed,
      crawlerRoleName: this.names.role.glueCrawler,
      workgroupName: this.names.workgroup.lake,
      partition: this.partition,
      region: this.variables.aws_region,
      accountId: this.accountId,
      processed: storage.processed,
      resultsBucketName: storage.athenaResults.name,
      scanLimitGb: this.variables.athena_scan_limit_gb,
      sources: Object.keys(sources).sort(),
      crawledSources: Object.keys(sources)
        .filter((name) => sources[name]?.layout === "parquet")
        .sort(),
    });
  }

  private pipeline(
    storage: LakeStorage,
    alerts: AlertsTopic,
    application: SparkApplication,
    job: SparkJob,
    catalog: LakeCatalog,
  ): EtlPipeline {
    const { variables } = this;
    return new EtlPipeline(this, "pipeline", {
      stateMachineName: this.names.stateMachine.etlPipeline,
      roleName: this.names.role.stepFunctions,
      validateFunctionName: this.names.function.validate,
      validateRoleName: this.names.role.validate,
      validateZipPath: this.code.validate,
      locksTableName: this.names.table.locks,
      retainData: variables.retain_data,
      partition: this.partition,
      region: variables.aws_region,
      accountId: this.accountId,
      landing: storage.landing,
      etl: storage.etl,
      applicationArn: application.arn,
      crawlerArn: catalog.crawlerArn,
      definition: {
        applicationId: application.id,
        executionRoleArn: job.roleArn,
        entryPoint: job.entryPoint,
        packages: job.packages,
        config: job.config,
        rawUri: zoneUri(storage.landing.name, ZONE_PREFIX.raw),
        processedUri: zoneUri(storage.processed.name, ZONE_PREFIX.processed),
        quarantineUri: zoneUri(storage.processed.name, ZONE_PREFIX.quarantine),
        databaseName: this.names.database.processed,
        runsUri: zoneUri(storage.etl.name, ZONE_PREFIX.runs),
        logUri: `s3://${storage.etl.name}/${ZONE_PREFIX.logs}`,
        logGroupName: application.logGroup.name,
        spark: {
          driverCores: variables.spark_driver_cores,
          driverMemory: variables.spark_driver_memory,
          executorCores: variables.spark_executor_cores,
          executorMemory: variables.spark_executor_memory,
          minExecutors: variables.spark_min_executors,
          initialExecutors: variables.spark_executor_instances,
          maxExecutors: variables.spark_max_executors,
          workerDiskGb: variables.emr_worker_disk,
        },
        jobTimeoutMinutes: variables.job_timeout_minutes,
        maxConcurrentRuns: variables.max_concurrent_runs,
        crawlerName: catalog.crawlerName,
        crawlerPollSeconds: variables.crawler_poll_seconds,
        topicArn: alerts.arn,
      },
      logRetentionDays: variables.log_retention_days,
    });
  }

  private ingestion(storage: LakeStorage, alerts: AlertsTopic, pipeline: EtlPipeline): void {
    const { names } = this;
    const executions = `execution:${names.stateMachine.etlPipeline}`;
    new RawIngestion(this, "ingestion", {
      landingBucketName: storage.landing.name,
      rules: {
        created: names.rule.rawObjectCreated,
        deleted: names.rule.rawObjectDeleted,
        runUnfinished: names.rule.runUnfinished,
      },
      queueName: names.queue.ingest,
      deadLetterQueueName: names.queue.ingestDlq,
      eventsDeadLetterQueueName: names.queue.eventsDlq,
      functionName: names.function.trigger,
      roleName: names.role.trigger,
      zipPath: this.code.trigger,
      stateMachineArn: pipeline.stateMachineArn,
      executionsArn: `arn:${this.partition}:states:${this.variables.aws_region}:${this.accountId}:${executions}`,
      locksTable: pipeline.locksTable,
      topicArn: alerts.arn,
      sources: { bucket: storage.etl, key: `${ZONE_PREFIX.config}sources.json` },
      batchWindowSeconds: this.variables.ingest_batch_window_seconds,
      logRetentionDays: this.variables.log_retention_days,
    });
  }

  private observability(alerts: AlertsTopic, application: SparkApplication): void {
    new LakeObservability(this, "observability", {
      alarmName: this.names.alarm.emrFailures,
      budgetName: this.names.budget.dataLake,
      topicArn: alerts.arn,
      application: { id: application.id, name: this.names.application.spark },
      monthlyBudgetUsd: this.variables.monthly_budget_usd,
      alertEmails: this.variables.alert_emails,
    });
  }
}

/** The job appends folders itself: URIs of zones end without a slash. */
function zoneUri(bucket: string, prefix: string): string {
  return `s3://${bucket}/${prefix.slice(0, -1)}`;
}
