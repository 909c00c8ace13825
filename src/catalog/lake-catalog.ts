import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query";
import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup";
import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database";
import { GlueCrawler } from "@cdktf/provider-aws/lib/glue-crawler";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { allow, policy, readPrefixes, trust } from "../iam";
import { ZONE_PREFIX } from "../naming";
import { namedQueries } from "./named-queries";

const BYTES_PER_GB = 1024 ** 3;

export interface LakeCatalogProps {
  readonly databaseName: string;
  readonly crawlerName: string;
  readonly crawlerRoleName: string;
  readonly workgroupName: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly processed: { readonly name: string; readonly arn: string };
  readonly resultsBucketName: string;
  /** GB that one query may scan before Athena stops it. */
  readonly scanLimitGb: number;
  /** Names of the sources; each becomes a table. */
  readonly sources: readonly string[];
  /** Those whose table the crawler keeps. */
  readonly crawledSources: readonly string[];
}

/** The tables over processed/, the crawler that keeps them, and the workgroup that queries them. */
export class LakeCatalog extends Construct {
  readonly crawlerName: string;
  readonly crawlerArn: string;

  constructor(scope: Construct, id: string, props: LakeCatalogProps) {
    super(scope, id);
    const database = new GlueCatalogDatabase(this, "processed", { name: props.databaseName });
    const crawler = this.createCrawler(props, database, this.createCrawlerRole(props));
    this.crawlerName = crawler.name;
    this.crawlerArn = crawler.arn;
    this.createNamedQueries(props, database, this.createWorkgroup(props));
  }

  private createCrawlerRole(props: LakeCatalogProps): IamRole {
    const role = new IamRole(this, "glue_crawler", {
      name: props.crawlerRoleName,
      assumeRolePolicy: trust("glue.amazonaws.com", props.accountId),
    });
    const arn = (service: string, resource: string) =>
      `arn:${props.partition}:${service}:${props.region}:${props.accountId}:${resource}`;
    new IamRolePolicy(this, "glue_crawler.policy", {
      name: "permissions",
      role: role.id,
      policy: policy(
        ...readPrefixes("Processed", props.processed.arn, [ZONE_PREFIX.processed]),
        allow(
          "KeepTables",
          [
            "glue:GetDatabase",
            "glue:GetTable",
            "glue:CreateTable",
            "glue:UpdateTable",
            "glue:GetPartition",
            "glue:GetPartitions",
            "glue:BatchGetPartition",
            "glue:BatchCreatePartition",
            "glue:CreatePartition",
            "glue:UpdatePartition",
          ],
          [
            arn("glue", "catalog"),
            arn("glue", `database/${props.databaseName}`),
            arn("glue", `table/${props.databaseName}/*`),
          ],
        ),
        // Every crawler of an account writes to this one group.
        allow(
          "WriteLogs",
          ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
          arn("logs", "log-group:/aws-glue/crawlers*"),
        ),
      ),
    });
    return role;
  }

  private createCrawler(
    props: LakeCatalogProps,
    database: GlueCatalogDatabase,
    role: IamRole,
  ): GlueCrawler {
    return new GlueCrawler(this, "processed.crawler", {
      name: props.crawlerName,
      role: role.arn,
      databaseName: database.name,
      s3Target: crawledFolders(props.crawledSources).map((folder) => ({
        path: `s3://${props.processed.name}/${ZONE_PREFIX.processed}${folder}/`,
      })),
      schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
      configuration: JSON.stringify({
        Version: 1.0,
        // Partitions follow the table when a column is added, or old days stay unreadable.
        CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
        Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
      }),
    });
  }

  private createWorkgroup(props: LakeCatalogProps): AthenaWorkgroup {
    return new AthenaWorkgroup(this, "lake", {
      name: props.workgroupName,
      description: "Queries on the data lake",
      // Saved queries and history are in the way of destroying; the tables are not in here.
      forceDestroy: true,
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: props.scanLimitGb * BYTES_PER_GB,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: `s3://${props.resultsBucketName}/`,
          encryptionConfiguration: { encryptionOption: "SSE_S3" },
        },
      },
    });
  }

  private createNamedQueries(
    props: LakeCatalogProps,
    database: GlueCatalogDatabase,
    workgroup: AthenaWorkgroup,
  ): void {
    for (const { id, ...query } of props.sources.flatMap(namedQueries))
      new AthenaNamedQuery(this, id, {
        ...query,
        database: database.name,
        workgroup: workgroup.id,
      });
  }
}

/** A crawler must have a target: where no source is crawled, it is a folder that nobody writes. */
function crawledFolders(sources: readonly string[]): readonly string[] {
  return sources.length > 0 ? sources : ["_none"];
}
