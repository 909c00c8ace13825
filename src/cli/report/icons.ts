/** A line drawing for each type of resource, 24 by 24, drawn for this picture. */

const RULE = "M4 6h10M4 12h16M4 18h7M17 4l3 2-3 2M14 16l3 2-3 2";
const ALARM = "M6 16v-5a6 6 0 0 1 12 0v5l2 2H4zM10 20.5a2 2 0 0 0 4 0";

/** Path data, by type. */
export const ICONS: Readonly<Record<string, string>> = {
  aws_s3_bucket: "M4 6c0-3 16-3 16 0s-16 3-16 0l2.2 12.5c.6 2.7 11 2.7 11.600 0L20 6",
  aws_dynamodb_table: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5zM12 14.500v2.500",
  aws_cloudwatch_event_rule: RULE,
  aws_sqs_queue: "M3 7h5v10H3zM9.500 7h5v10h-5zM16 7h5v10h-5z",
  aws_sns_topic: "M4 10v4h3l8 5V5L7 10zM18 9a4 4 0 0 1 0 6",
  aws_lambda_function: "M6 4h3l8 16h2M10.500 11L6 20",
  aws_sfn_state_machine: "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
  aws_emrserverless_application: "M13 2L5 14h6l-1 8 9-13h-6z",
  aws_glue_crawler: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l5 5M8 9h6M8 13h6",
  aws_glue_catalog_database: "M4 5h16v14H4zM4 10h16M10 10v9",
  aws_athena_workgroup:
    "M4 6h16M4 12h9M4 18h6M16 13a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM18.500 19l3 3",
  aws_cloudwatch_metric_alarm: ALARM,
  aws_budgets_budget:
    "M12 3v18M16.500 7.500c-1-3-9-3-9 .800 0 4.500 9.500 2.700 9.500 7.300 0 4-9.500 3.900-10 .300",
  aws_cloudwatch_dashboard: "M4 20V4M4 20h16M8 16v-5M12.500 16V7M17 16v-7",
  aws_kms_key: "M8 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 12h9M18 12v4M21 12v3",
  aws_vpc: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z",
};
