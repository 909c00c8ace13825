import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database";
import { GlueCrawler } from "@cdktf/provider-aws/lib/glue-crawler";
import { GlueSecurityConfiguration } from "@cdktf/provider-aws/lib/glue-security-configuration";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { allow, type EncryptionKey, policy, readPrefixes, trust, useKey } from "../iam";
import { ZONE_PREFIX } from "../naming";
import type { Place } from "../place";

/** Names of the crawler and of what it works with. */
export interface CrawlerNames {
  readonly crawler: string;
  readonly role: string;
  readonly securityConfiguration: string;
  /** The group that Glue writes to: it is named after the role and the security configuration. */
  readonly logGroup: string;
  readonly logRetentionDays: number;
}

export interface TableCrawlerProps extends CrawlerNames {
  readonly database: GlueCatalogDatabase;
  readonly databaseName: string;
  readonly place: Place;
  readonly processed: { readonly name: string; readonly arn: string };
  /** What the processed bucket and the log are encrypted with. */
  readonly key: EncryptionKey;
  /** Names of the sources whose table it keeps. */
  readonly sources: readonly string[];
}

/** The crawler that keeps the tables of plain Parquet folders. */
export class TableCrawler extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: TableCrawlerProps) {
    super(scope, id);
    const logGroup = new CloudwatchLogGroup(this, "crawler.logs", {
      name: props.logGroup,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.key.arn,
    });
    const crawler = this.createCrawler(props, this.createRole(props, logGroup.arn));
    this.name = crawler.name;
    this.arn = crawler.arn;
  }

  private createRole(props: TableCrawlerProps, logGroupArn: string): IamRole {
    const role = new IamRole(this, "glue_crawler", {
      name: props.role,
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
        // The action knows no resource.
        allow("ReadSecurityConfiguration", "glue:GetSecurityConfiguration", "*"),
        // Glue makes the group and gives it the key, whether or not that is done.
        allow(
          "WriteLogs",
          [
            "logs:AssociateKmsKey",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          `${logGroupArn}:*`,
        ),
      ),
    });
    return role;
  }

  private createCrawler(props: TableCrawlerProps, role: IamRole): GlueCrawler {
    return new GlueCrawler(this, "processed.crawler", {
      name: props.crawler,
      role: role.arn,
      databaseName: props.database.name,
      securityConfiguration: this.createSecurityConfiguration(props).name,
      s3Target: crawledFolders(props.sources).map((folder) => ({
        path: `s3://${props.processed.name}/${ZONE_PREFIX.processed}${folder}/`,
      })),
      schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
      configuration: JSON.stringify({
        Version: 1.0,
        // Not for partitions of an encrypted catalog, and no query here would use one.
        CreatePartitionIndex: false,
        // Partitions follow the table when a column is added, or old days stay unreadable.
        CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
        Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
      }),
    });
  }

  private createSecurityConfiguration(props: TableCrawlerProps): GlueSecurityConfiguration {
    const kmsKeyArn = props.key.arn;
    return new GlueSecurityConfiguration(this, "crawler", {
      name: props.securityConfiguration,
      encryptionConfiguration: {
        cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn },
        s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn },
      },
    });
  }
}

/** A crawler must have a target: where no source is crawled, it is a folder that nobody writes. */
function crawledFolders(sources: readonly string[]): readonly string[] {
  return sources.length > 0 ? sources : ["_none"];
}
