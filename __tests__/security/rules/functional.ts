/** Patterns of what a mutant changed, each with the reason. */
export type Functional = readonly (readonly [what: RegExp, reason: string])[];

/**
 * What may be removed or changed without making the lake less secure, each with the reason. Anything
 * that is not here is a control: the rules must notice when it is removed or weakened.
 */
export const FUNCTIONAL: Functional = [
  [
    /^aws_\w+\.\w+\.(name|description|function_name|alarm_name|alarm_description)$/,
    "a name or a word for people",
  ],
  [/^aws_s3_bucket\.\w+\.bucket$/, "the bucket's name; naming.ts's tests judge it"],
  [
    /^aws_glue_data_catalog_encryption_settings\.\w+\.(lifecycle|data_catalog_encryption_settings\.connection_password_encryption)/,
    "connections are nothing of the lake's; what AWS answers beside the setting is no change",
  ],
  [/^aws_\w+\.\w+\.tags(\.Name)?$/, "a tag beside the default ones; those are the provider's"],
  [/^aws_athena_named_query\./, "a query for people to begin with"],
  [/^aws_athena_workgroup\.\w+\.configuration\.(bytes_scanned|engine_version)/, "cost and dialect"],
  [/^aws_athena_workgroup\.\w+\.force_destroy$/, "its history; the results are a bucket's"],
  [
    /^aws_budgets_budget\.\w+(\.(budget_type|limit_\w+|time_unit|notification))?$/,
    "cost; that each notification goes to the topic is a rule",
  ],
  [/^aws_budgets_budget\.\w+\.notification\.(comparison|notification_type|threshold)/, "cost"],
  [
    /^aws_cloudwatch_metric_alarm\.\w+\.(comparison|dimensions|evaluation|metric|namespace|period|statistic|threshold|treat)/,
    "operation: when the alarm fires",
  ],
  [
    /^aws_cloudwatch_metric_alarm\.\w+\.ok_actions$/,
    "operation: that the end is told; that it goes to the topic is a rule",
  ],
  [/^aws_cloudwatch_dashboard\.\w+(\.dashboard_(body|name))?$/, "a page to look at"],
  [/^aws_lambda_permission\.\w+\.statement_id$/, "a name"],
  [
    /^aws_cloudwatch_event_rule\.\w+\.(event_pattern|schedule_expression)$/,
    "which events begin a run, or are measured",
  ],
  [/^aws_cloudwatch_event_target\.\w+(\.(rule|target_id))?$/, "which events begin a run"],
  [/^aws_s3_bucket_notification\.\w+(\.eventbridge)?$/, "that events begin a run"],
  [/^aws_lambda_event_source_mapping\./, "that events begin a run, and how many at a time"],
  [
    /^aws_dynamodb_table\.\w+\.(attribute|billing_mode|hash_key|ttl)/,
    "the table's shape and price",
  ],
  [
    /^aws_emrserverless_application\.\w+\.(architecture|auto_st|release_label|type)/,
    "how Spark runs",
  ],
  [/^aws_emrserverless_application\.\w+\.(initial|maximum)_capacity/, "how large Spark may be"],
  [
    /^aws_glue_crawler\.\w+\.(configuration|database_name|schema_change_policy)/,
    "how tables are kept",
  ],
  [/^aws_kms_alias\.\w+$/, "a name for people"],
  [
    /^aws_lambda_function\.\w+\.(architectures|environment|filename|handler|memory_size|runtime|source_code_hash|timeout)/,
    "what the function runs and how",
  ],
  [/^aws_lambda_function\.\w+\.logging_config\.log_format$/, "how the log is written"],
  [/^aws_s3_object\.\w+(\.(content|content_type|key|source|source_hash))?$/, "what the job runs"],
  [
    /^aws_\w+\.\w+\.encryption_configuration\.kms_data_key_reuse_period_seconds$/,
    "cost: AWS's own default, and its bounds are short",
  ],
  [
    /^aws_sqs_queue\.\w+\.(message_retention_seconds|visibility_timeout_seconds)$|^aws_sqs_queue_redrive_policy\.\w+(\.\w+)?$/,
    "delivery: the ingestion's tests judge it",
  ],
  [
    /^aws_s3_bucket_lifecycle_configuration\.\w+\.rule\[archive-old-data\](\.transition.*|\.filter\.prefix)?$/,
    "cost: where old data lies",
  ],
  [
    /^aws_s3_bucket_lifecycle_configuration\.\w+\.rule\[(cleanup-temp|expire-job-logs|expire-results)\](\.expiration.*|\.filter\.prefix)?$/,
    "cost: when scratch, job logs and results end; that nothing else ends is a rule",
  ],
  [/^aws_s3_bucket_lifecycle_configuration\.\w+\.rule\[[\w-]+\]\.id$/, "a name"],
  [/^aws_eip\.\w+\.domain$/, "the only domain that is left"],
  [/^aws_nat_gateway\.\w+\.allocation_id$/, "which address calls come from"],
  [
    /^aws_route\.\w+(\.(destination_cidr_block|gateway_id|nat_gateway_id))?$/,
    "a way out; closing it opens nothing",
  ],
  [/^aws_route_table_association\.public_\w$/, "NAT's way out; the job's own tables are a rule's"],
  [
    /^aws_subnet\.\w+\.(availability_zone|cidr_block)$/,
    "which addresses; that zones differ is a rule",
  ],
  [/^aws_vpc\.\w+\.cidr_block$/, "which addresses"],
  [
    /^aws_vpc_security_group_(in|e)gress_rule\.\w+$/,
    "lets something through; without it less is let",
  ],
  [/^terraform\.backend\.local\.path$/, "where the state of the state bucket begins"],
];

/** The reason that a mutant may go unnoticed; undefined where it may not. */
export function functional(what: string, list: Functional = FUNCTIONAL): string | undefined {
  return list.find(([pattern]) => pattern.test(what))?.[1];
}
