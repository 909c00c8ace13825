import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query";
import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup";
import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database";
import { GlueCrawler } from "@cdktf/provider-aws/lib/glue-crawler";
import { GlueDataCatalogEncryptionSettings } from "@cdktf/provider-aws/lib/glue-data-catalog-encryption-settings";
import { GlueSecurityConfiguration } from "@cdktf/provider-aws/lib/glue-security-configuration";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { allow, type EncryptionKey, policy, readPrefixes, trust, useKey } from "../iam";
import { ZONE_PREFIX } from "../naming";
import type { Place } from "../place";
import { namedQueries } from "./named-queries";

const BYTES_PER_GB = 1024 ** 3;

export interface LakeCatalogProps {
  readonly databaseName: string;
  readonly crawlerName: string;
  readonly crawlerRoleName: string;
  readonly workgroupName: string;
  readonly place: Place;
  readonly processed: { readonly name: string; readonly arn: string };
  /** What the processed bucket, the results and the crawler's log are encrypted with. */
  readonly key: EncryptionKey;
  readonly securityConfigurationName: string;
  /** Encrypt the account's catalog in this region, with Glue's own key. */
  readonly encryptCatalog: boolean;
  /** Refuse to delete the database. */
  readonly retainData: boolean;
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
    if (props.encryptCatalog) this.encryptCatalog();
    const database = new GlueCatalogDatabase(this, "processed", {
      name: props.databaseName,
      ...(props.retainData && { lifecycle: { preventDestroy: true } }),
    });
    const crawler = this.createCrawler(props, database, this.createCrawlerRole(props));
    this.crawlerName = crawler.name;
    this.crawlerArn = crawler.arn;
    this.createNamedQueries(props, database, this.createWorkgroup(props));
  }

  /**
   * One setting for an account and region, whoever makes it: by Glue's own key, since with the
   * lake's the end of one environment would make the catalog of all others unreadable.
   */
  private encryptCatalog(): void {
    new GlueDataCatalogEncryptionSettings(this, "account", {
      dataCatalogEncryptionSettings: {
        encryptionAtRest: { catalogEncryptionMode: "SSE-KMS" },
        connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true },
      },
    });
  }

  private createCrawlerRole(props: LakeCatalogProps): IamRole {
    const role = new IamRole(this, "glue_crawler", {
      name: props.crawlerRoleName,
      assumeRolePolicy: trust("glue.amazonaws.com", props.place.accountId),
    });
    const { place } = props;
    new IamRolePolicy(this, "glue_crawler.policy", {
      name: "permissions",
      role: role.id,
      policy: policy(
        ...readPrefixes("Processed", props.processed.arn, [ZONE_PREFIX.processed]),
        useKey("UseKey", props.key, ["kms:Decrypt"], "s3"),
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
            place.arn("glue", "catalog"),
            place.arn("glue", `database/${props.databaseName}`),
            place.arn("glue", `table/${props.databaseName}/*`),
          ],
        ),
        // Every crawler of an account writes to this one group.
        allow(
          "WriteLogs",
          [
            "logs:AssociateKmsKey",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          place.arn("logs", "log-group:/aws-glue/crawlers*"),
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
      securityConfiguration: this.createSecurityConfiguration(props).name,
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

  private createSecurityConfiguration(props: LakeCatalogProps): GlueSecurityConfiguration {
    const kmsKeyArn = props.key.arn;
    return new GlueSecurityConfiguration(this, "crawler", {
      name: props.securityConfigurationName,
      encryptionConfiguration: {
        cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn },
        s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn },
      },
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
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: props.key.arn },
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
