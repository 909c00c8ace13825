/** How many sources one environment can have, by the AWS limit that comes first. */
import { physicalNames } from "../naming";
import type { Problem, Rule, RuleInput } from "./problems";
import { IAM_LIMIT, MOST_TABLE_LISTS, tableLists } from "./table-lists";

/**
 * Metrics that one graph of a dashboard may have; the lake's graphs have a line a source. A dashboard
 * may have 2,500: four graphs of the sources are 2,000. Neither can be raised.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
export const MOST_SOURCES = 500;

/** Each is asked by itself: where both are broken, both are said. */
export const SOURCE_RULES: readonly Rule[] = [
  { name: "sources on the dashboard", reads: ["sources"], judge: graphsHold },
  {
    name: "tables in the policies",
    reads: ["sources", "project", "aws_region"],
    judge: policiesHold,
  },
];

function graphsHold({ sources }: RuleInput): Problem[] {
  const count = Object.keys(sources).length;
  if (count <= MOST_SOURCES) return [];
  return [
    {
      variable: "sources",
      what: `expected at most ${MOST_SOURCES} sources, since a graph of CloudWatch takes ${MOST_SOURCES} lines; got ${count}`,
      ways: [],
      advice: move(count - MOST_SOURCES),
    },
  ];
}

function policiesHold(input: RuleInput, environment: string): Problem[] {
  const names = physicalNames({ project: input.project, environment });
  const lists = tableLists(input, names.database.processed);
  if (lists.length <= MOST_TABLE_LISTS) return [];
  const fitting = lists.slice(0, MOST_TABLE_LISTS).flat().length;
  const count = lists.flat().length;
  const { managedPolicies, managedCharacters } = IAM_LIMIT;
  return [
    {
      variable: "sources",
      what: `expected at most ${fitting} sources of layout "iceberg" with names as long as these, since the job's role names each table, and IAM takes ${managedPolicies} policies of ${managedCharacters} characters beside the inline one; got ${count}`,
      ways: [],
      advice: `${move(count - fitting)}, or shorten project or the sources' names`,
    },
  ];
}

function move(count: number): string {
  return `Move ${count} of them to an environment of their own`;
}
