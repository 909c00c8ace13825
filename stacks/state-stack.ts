import { LocalBackend, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AddressedStack } from "../src/address";
import type { Environment } from "../src/config/environment";
import { namingOf } from "../src/config/naming-of";
import { defaultTags, physicalNames } from "../src/naming";
import { AccessLogBucket } from "../src/storage/access-log-bucket";
import { DataBucket } from "../src/storage/data-bucket";
import { keepStateIn, placeOf, requireTerraform, useAccount } from "../src/terraform";

/** Days that replaced versions of a state are kept. */
const STATE_VERSION_DAYS = 90;

/** The bucket that holds an environment's Terraform state; deployed once, before the lake. */
export class StateStack extends AddressedStack {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const { variables } = environment;
    const naming = namingOf(environment);
    requireTerraform(this);
    const { state: bucketName, stateLogs } = physicalNames(naming).bucket;
    // The bucket's own state cannot lie in it from the start; it lies beside the output folder.
    if (variables.state_in_bucket) keepStateIn(bucketName, variables.aws_region, this);
    else new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const { aws_region: region, account_id: accountId } = variables;
    useAccount(this, { region, accountId, tags: defaultTags(naming) });
    const accessLogs = new AccessLogBucket(this, "state_logs", {
      bucketName: stateLogs,
      place: placeOf(this, variables.aws_region),
      sourceBucketNames: [bucketName],
      retainData: true,
      retentionDays: variables.log_retention_days,
    });
    // S3's own encryption: a key for it would be in the state that it protects.
    const state = new DataBucket(this, "state", {
      bucketName,
      accessLogs,
      retainData: true,
      noncurrentDays: STATE_VERSION_DAYS,
    });
    new TerraformOutput(this, "state_bucket", { value: state.name });
  }
}
