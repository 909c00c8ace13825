import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

export interface LocksTableProps {
  readonly tableName: string;
  /** ARN of the key that the table is encrypted with. */
  readonly keyArn: string;
  /** Refuse to delete the table. */
  readonly retainData: boolean;
}

/**
 * What the pipeline remembers between its runs, by `id`: who holds what (`run-slots`,
 * `source#<name>`), which days wait for a run (`pending#<name>`), and what the trigger has reported
 * (`reported#<hash>`, which ends by itself). An owner that died is put out by the next.
 */
export class LocksTable extends Construct {
  readonly arn: string;
  /** The table's name, known once the table exists. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: LocksTableProps) {
    super(scope, id);
    const table = new DynamodbTable(this, "locks", {
      name: props.tableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      // Reports alone end; locks and days that wait have no such attribute.
      ttl: { attributeName: "expires_at", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: props.keyArn },
      deletionProtectionEnabled: props.retainData,
    });
    this.arn = table.arn;
    this.name = table.name;
  }
}
