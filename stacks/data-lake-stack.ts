import type { Construct } from "constructs";
import { AddressedStack } from "../src/address";
import type { Bundles } from "../src/bundle";
import { LakeCatalog } from "../src/catalog/lake-catalog";
import { capacityOf } from "../src/config/capacity";
import { costOf, monthlyEstimate } from "../src/config/cost";
import type { Environment } from "../src/config/environment";
import { type Naming, namingOf } from "../src/config/naming-of";
import { PRICES_OF, runPrices } from "../src/config/prices";
import type { Variables } from "../src/config/schema";
import { expectationsOf, jobSources, sourcesOf } from "../src/config/source";
import { sparkSettings } from "../src/config/spark-settings";
import { tableLists } from "../src/config/table-lists";
import { LakeKey } from "../src/encryption/lake-key";
import { RawIngestion } from "../src/ingestion/raw-ingestion";
import {
  alarmName,
  crawlerLogGroup,
  defaultTags,
  logGroupNames,
  type Names,
  physicalNames,
  SOURCES_KEY,
} from "../src/naming";
import { LakeNetwork } from "../src/network/lake-network";
import { AlertsTopic } from "../src/observability/alerts-topic";
import { LakeObservability } from "../src/observability/lake-observability";
import { EtlPipeline } from "../src/orchestration/etl-pipeline";
import type { Place } from "../src/place";
import { SparkApplication } from "../src/processing/spark-application";
import { SparkJob } from "../src/processing/spark-job";
import { setRoleDefaults } from "../src/role-defaults";
import { LakeStorage } from "../src/storage/lake-storage";
import { keepEstimate, keepStateIn, placeOf, requireTerraform, useAccount } from "../src/terraform";

/** The code that the lake runs, by path. */
export interface LakeCode extends Bundles {
  /** The script that Spark is given. */
  readonly jobScript: string;
}

/** One environment's data lake. */
export class DataLakeStack extends AddressedStack {
  private readonly variables: Variables;
  private readonly names: Names;
  private readonly naming: Naming;
  private readonly place: Place;
  private readonly key: LakeKey;

  constructor(
    scope: Construct,
    id: string,
    private readonly environment: Environment,
    private readonly code: LakeCode,
  ) {
    super(scope, id);
    this.variables = environment.variables;
    this.naming = namingOf(environment);
    this.names = physicalNames(this.naming);
    this.configureTerraform();
    this.place = placeOf(this, this.variables.aws_region);
    keepEstimate(this, monthlyEstimate(environment));

    this.key = this.createKey();
    const storage = this.storage();
    const alerts = this.alerts();
    const network = this.variables.enable_vpc ? this.network(storage) : undefined;
    const application = this.application(network);
    const job = this.job(storage, application);
    const catalog = this.catalog(storage);
    const pipeline = this.pipeline(storage, alerts, application, job, catalog);
    const ingestion = this.ingestion(storage, alerts, pipeline);
    this.observability(storage, alerts, application, pipeline, ingestion);
    const { iam_role_path, iam_permissions_boundary } = this.variables;
    setRoleDefaults(this, iam_role_path, iam_permissions_boundary);
  }

  private configureTerraform(): void {
    const { aws_region: region, account_id: accountId } = this.variables;
    requireTerraform(this);
    keepStateIn(this.names.bucket.state, region, this);
    useAccount(this, { region, accountId, tags: defaultTags(this.naming) });
  }

  private createKey(): LakeKey {
    const { names, variables } = this;
    const { enable_vpc: hasNetwork, iam_role_path: rolePath } = variables;
    const logGroups = logGroupNames(names, rolePath, hasNetwork);
    return new LakeKey(this, "key", {
      aliasName: names.key.lake,
      place: this.place,
      stateMachineArn: this.place.arn("states", `stateMachine:${names.stateMachine.etlPipeline}`),
      logGroupArns: logGroups.map((name) => this.place.arn("logs", `log-group:${name}`)),
      retainData: variables.retain_data,
    });
  }

  private storage(): LakeStorage {
    const { variables } = this;
    return new LakeStorage(this, "storage", {
      bucketNames: this.names.bucket,
      place: this.place,
      keyArn: this.key.arn,
      logRetentionDays: variables.log_retention_days,
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
      keyArn: this.key.arn,
      accountId: this.place.accountId,
      alertEmails: this.variables.alert_emails,
    });
  }

  private network(storage: LakeStorage): LakeNetwork {
    const { variables } = this;
    return new LakeNetwork(this, "network", {
      name: this.names.network.lake,
      place: this.place,
      vpcCidr: variables.vpc_cidr,
      bucketArns: [storage.landing.arn, storage.processed.arn, storage.etl.arn],
      natGateway: variables.enable_nat_gateway,
      singleNatGateway: variables.single_nat_gateway,
      flowLogRoleName: this.names.role.flowLogs,
      flowLogGroupName: this.names.logGroup.flows,
      keyArn: this.key.arn,
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
      logGroupName: this.names.logGroup.spark,
      keyArn: this.key.arn,
      logRetentionDays: variables.log_retention_days,
    });
  }

  private job(storage: LakeStorage, application: SparkApplication): SparkJob {
    return new SparkJob(this, "job", {
      roleName: this.names.role.emrExecution,
      place: this.place,
      landing: storage.landing,
      processed: storage.processed,
      etl: storage.etl,
      key: this.key,
      logGroupArn: application.logGroup.arn,
      script: { name: this.variables.spark_job_name, path: this.code.jobScript },
      packagesPath: this.code.jobPackages,
      databaseName: this.names.database.processed,
      sources: jobSources(this.variables.sources),
      tableLists: tableLists(this.variables, this.names.database.processed),
    });
  }

  private catalog(storage: LakeStorage): LakeCatalog {
    const { sources } = this.variables;
    return new LakeCatalog(this, "catalog", {
      databaseName: this.names.database.processed,
      crawler: {
        crawler: this.names.crawler.processed,
        role: this.names.role.glueCrawler,
        securityConfiguration: this.names.securityConfiguration.crawler,
        logGroup: crawlerLogGroup(this.names, this.variables.iam_role_path),
        logRetentionDays: this.variables.log_retention_days,
      },
      workgroupName: this.names.workgroup.lake,
      place: this.place,
      processed: storage.processed,
      key: this.key,
      encryptCatalog: this.variables.encrypt_glue_catalog,
      retainData: this.variables.retain_data,
      resultsBucketName: storage.athenaResults.name,
      scanLimitGb: this.variables.athena_scan_limit_gb,
      sources: Object.keys(sources).sort(),
      crawledSources: sourcesOf(sources, "parquet"),
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
      logGroupNames: this.names.logGroup,
      locksTableName: this.names.table.locks,
      key: this.key,
      retainData: variables.retain_data,
      place: this.place,
      landing: storage.landing,
      etl: storage.etl,
      applicationArn: application.arn,
      crawlerArn: catalog.crawler.arn,
      definition: {
        applicationId: application.id,
        executionRoleArn: job.roleArn,
        entryPoint: job.entryPoint,
        packages: job.packages,
        config: job.config,
        ...storage.uris,
        databaseName: this.names.database.processed,
        logGroupName: application.logGroup.name,
        keyArn: this.key.arn,
        spark: sparkSettings(variables),
        jobTimeoutMinutes: variables.job_timeout_minutes,
        maxConcurrentRuns: variables.max_concurrent_runs,
        crawlerName: catalog.crawler.name,
        crawlerPollSeconds: variables.crawler_poll_seconds,
        topicArn: alerts.arn,
      },
      logRetentionDays: variables.log_retention_days,
    });
  }

  private ingestion(storage: LakeStorage, alerts: AlertsTopic, pipeline: EtlPipeline) {
    const { names } = this;
    return new RawIngestion(this, "ingestion", {
      landingBucketName: storage.landing.name,
      rules: names.rule,
      queueNames: names.queue,
      functionName: names.function.trigger,
      roleName: names.role.trigger,
      zipPath: this.code.trigger,
      logGroupName: names.logGroup.trigger,
      key: this.key,
      stateMachineArn: pipeline.stateMachineArn,
      executionsArn: this.place.arn("states", `execution:${names.stateMachine.etlPipeline}`),
      locksTable: pipeline.locksTable,
      topicArn: alerts.arn,
      sources: { bucket: storage.etl, key: SOURCES_KEY },
      batchWindowSeconds: this.variables.ingest_batch_window_seconds,
      logRetentionDays: this.variables.log_retention_days,
    });
  }

  private observability(
    storage: LakeStorage,
    alerts: AlertsTopic,
    application: SparkApplication,
    pipeline: EtlPipeline,
    ingestion: RawIngestion,
  ): void {
    const { names, variables } = this;
    new LakeObservability(this, "observability", {
      names,
      environment: this.naming.environment,
      alarmName: (what) => alarmName(this.naming, what),
      region: variables.aws_region,
      topicArn: alerts.arn,
      application: { id: application.id, arn: application.arn, name: names.application.spark },
      capacity: capacityOf(variables).available,
      stateMachineArn: pipeline.stateMachineArn,
      oldestMessageSeconds: ingestion.oldestMessageSeconds,
      sources: expectationsOf(variables.sources),
      prices: runPrices(variables.emr_architecture),
      pricesRegion: PRICES_OF.region,
      metricsZipPath: this.code.metrics,
      etl: storage.etl,
      key: this.key,
      logRetentionDays: variables.log_retention_days,
      monthlyBudgetUsd: variables.monthly_budget_usd,
      monthlyEstimateUsd: costOf(this.environment).totalUsd,
      alertEmails: variables.alert_emails,
    });
  }
}
