import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

export interface LocksTableProps {
  readonly tableName: string;
  /** Refuse to delete the table. */
  readonly retainData: boolean;
}

/**
 * Who holds what, for the state machine: one item a lock, `id` and the set of its `owners`. Nothing
 * has to be cleaned up: locks are as many as there are, and an owner that died is put out.
 */
export class LocksTable extends Construct {
  readonly arn: string;
  /** The table's name, known once the table exists. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: LocksTableProps) {
    super(scope, id);
    // Encrypted by DynamoDB's own key: what lies here is the ARNs of executions.
    const table = new DynamodbTable(this, "locks", {
      name: props.tableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: props.retainData,
    });
    this.arn = table.arn;
    this.name = table.name;
  }
}
