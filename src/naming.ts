/** Physical names of everything the lake creates, derived from three values and nothing else. */

/** What the names are derived from. */
export interface NamingProps {
  readonly project: string;
  readonly environment: string;
  /** Appended to bucket names, which are global to all of AWS. */
  readonly bucketSuffix?: string | undefined;
}

/** Every physical name of one environment. */
export type Names = ReturnType<typeof physicalNames>;

/** The zones of the lake: the bucket each lives in, and its key prefix. */
export const ZONE_PREFIX = {
  raw: "raw/",
  archive: "archive/",
  temp: "temp/",
  processed: "processed/",
  quarantine: "quarantine/",
  curated: "curated/",
  jobs: "spark/jobs/",
  config: "config/",
  runs: "runs/",
  logs: "logs/",
} as const;

/** Key of the object in the etl bucket that declares the sources. */
export const SOURCES_KEY = `${ZONE_PREFIX.config}sources.json`;

/** The longest name AWS takes for each kind of resource, in characters (service quotas pages). */
export const NAME_LIMIT = {
  bucket: 63,
  role: 64,
  function: 64,
  application: 64,
  stateMachine: 80,
  queue: 80,
  workgroup: 128,
  topic: 256,
  rule: 64,
  table: 255,
  database: 255,
  crawler: 255,
  budget: 100,
  network: 255,
  dashboard: 255,
  key: 256,
  logGroup: 512,
  securityConfiguration: 255,
} as const;

export type NameKind = keyof typeof NAME_LIMIT;

/** All names of one environment, as the template composes them. */
export function physicalNames(props: NamingProps) {
  const { project, environment } = props;
  const named = (part: string) => `${project}-${part}-${environment}`;
  const bucket = (part: string) =>
    [named(part), props.bucketSuffix].filter((s) => s !== undefined).join("-");
  return {
    bucket: {
      landing: bucket("landing"),
      processed: bucket("processed"),
      curated: bucket("curated"),
      etl: bucket("etl"),
      athenaResults: bucket("athena-results"),
      accessLogs: bucket("access-logs"),
      state: bucket("state"),
      stateLogs: bucket("state-logs"),
    },
    role: {
      trigger: named("trigger"),
      validate: named("validate"),
      stepFunctions: named("stepfunctions"),
      emrExecution: named("emr-execution"),
      glueCrawler: named("glue-crawler"),
      flowLogs: named("flow-logs"),
      metrics: named("metrics"),
    },
    function: {
      trigger: named("trigger"),
      validate: named("validate"),
      metrics: named("metrics"),
    },
    application: { spark: named("spark") },
    stateMachine: { etlPipeline: named("etl") },
    queue: {
      ingest: named("ingest"),
      ingestDlq: named("ingest-dlq"),
      eventsDlq: named("events-dlq"),
    },
    workgroup: { lake: `${project}-${environment}` },
    topic: { alerts: named("alerts") },
    rule: {
      rawObjectCreated: named("raw-object-created"),
      rawObjectDeleted: named("raw-object-deleted"),
      runUnfinished: named("run-unfinished"),
      jobEnded: named("job-ended"),
      metricsSchedule: named("metrics-schedule"),
    },
    table: { locks: named("locks") },
    // Athena reads a hyphen in an unquoted name as a minus.
    database: { processed: `${project}_processed_${environment}`.replaceAll("-", "_") },
    crawler: { processed: named("processed") },
    budget: { dataLake: named("budget") },
    network: { lake: `${project}-${environment}` },
    dashboard: { lake: `${project}-${environment}` },
    key: { lake: `alias/${project}-${environment}` },
    securityConfiguration: { crawler: named("crawler") },
    // Lambda and Step Functions' vended logs want these prefixes, the rest is custom.
    logGroup: {
      trigger: `/aws/lambda/${named("trigger")}`,
      validate: `/aws/lambda/${named("validate")}`,
      metrics: `/aws/lambda/${named("metrics")}`,
      etlPipeline: `/aws/vendedlogs/states/${named("etl")}`,
      spark: `/aws/emr-serverless/${named("spark")}`,
      flows: `/aws/vpc/${project}-${environment}`,
    },
  } as const satisfies Record<NameKind, Record<string, string>>;
}

/**
 * Name of the alarm on something, such as `trigger-errors`. Which there are is observability's to
 * say. None is too long: the project and the environment fit a bucket's 63 characters, and of the
 * 255 that an alarm's name may have, a source leaves enough.
 */
export function alarmName({ project, environment }: NamingProps, what: string): string {
  return `${project}-${what}-${environment}`;
}

/** Name of a further policy of a role; IAM takes 128 characters, and the role's are 64 at most. */
export function tablesPolicyName(roleName: string, number: number): string {
  return `${roleName}-tables-${number}`;
}

/** Where Glue logs a crawl, as it names it: by the crawler's role, with its path, and configuration. */
export function crawlerLogGroup({ role, securityConfiguration }: Names, rolePath: string): string {
  return `/aws-glue/crawlers-role${rolePath}${role.glueCrawler}-${securityConfiguration.crawler}`;
}

/** Every log group of the lake, also those that AWS makes; the network's where there is one. */
export function logGroupNames(names: Names, rolePath: string, hasNetwork: boolean): string[] {
  const { flows, ...groups } = names.logGroup;
  const crawler = crawlerLogGroup(names, rolePath);
  return [...Object.values(groups), ...(hasNetwork ? [flows] : []), crawler];
}

/** Names that AWS would refuse for their length; empty when all fit. */
export function overlongNames(names: Names): { kind: NameKind; name: string; limit: number }[] {
  return (Object.keys(names) as NameKind[]).flatMap((kind) =>
    Object.values<string>(names[kind])
      .filter((name) => name.length > NAME_LIMIT[kind])
      .map((name) => ({ kind, name, limit: NAME_LIMIT[kind] })),
  );
}

/** Tags that every resource carries, so that the bill can be split. */
export function defaultTags(
  props: NamingProps & { readonly tags: Readonly<Record<string, string>> },
): Record<string, string> {
  return {
    ...props.tags,
    Project: props.project,
    Environment: props.environment,
    ManagedBy: "cdktf",
  };
}

/** The job appends folders itself: URIs of zones end without a slash. */
export function zoneUri(bucket: string, prefix: string): string {
  return `s3://${bucket}/${prefix.slice(0, -1)}`;
}
