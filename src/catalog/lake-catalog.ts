import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query";
import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup";
import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database";
import { GlueDataCatalogEncryptionSettings } from "@cdktf/provider-aws/lib/glue-data-catalog-encryption-settings";
import { Construct } from "constructs";
import type { EncryptionKey } from "../iam";
import type { Place } from "../place";
import { namedQueries } from "./named-queries";
import { type CrawlerNames, TableCrawler } from "./table-crawler";

const BYTES_PER_GB = 1024 ** 3;

export interface LakeCatalogProps {
  readonly databaseName: string;
  readonly crawler: CrawlerNames;
  readonly workgroupName: string;
  readonly place: Place;
  readonly processed: { readonly name: string; readonly arn: string };
  /** What the processed bucket, the results and the crawler's log are encrypted with. */
  readonly key: EncryptionKey;
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
  readonly crawler: TableCrawler;

  constructor(scope: Construct, id: string, props: LakeCatalogProps) {
    super(scope, id);
    if (props.encryptCatalog) this.encryptCatalog();
    const database = new GlueCatalogDatabase(this, "processed", {
      name: props.databaseName,
      ...(props.retainData && { lifecycle: { preventDestroy: true } }),
    });
    this.crawler = new TableCrawler(this, "crawler", {
      ...props.crawler,
      database,
      databaseName: props.databaseName,
      place: props.place,
      processed: props.processed,
      key: props.key,
      sources: props.crawledSources,
    });
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
        // Connections are nothing of the lake's: others may read theirs in the clear.
        connectionPasswordEncryption: { returnConnectionPasswordEncrypted: false },
      },
      // Glue answers with the alias of its own key, which the provider takes for a change.
      lifecycle: {
        ignoreChanges: [
          "data_catalog_encryption_settings[0].encryption_at_rest[0].sse_aws_kms_key_id",
          "data_catalog_encryption_settings[0].connection_password_encryption[0].aws_kms_key_id",
        ],
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
