/** How much a role's policies may say, and lists of tables that fit them. */
import { sourcesOf } from "./source";

/**
 * What IAM takes of one role: characters of all its inline policies together, and of each managed
 * policy, white space not counted; and managed policies, unless AWS has raised that for the account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const IAM_LIMIT = {
  inlineCharacters: 10_240,
  managedCharacters: 6_144,
  managedPolicies: 10,
} as const;

/** Lists of tables that one role can have: one in its inline policy, the others in managed ones. */
export const MOST_TABLE_LISTS = 1 + IAM_LIMIT.managedPolicies;

/** What a managed policy has around its resources: version, Sid, effect and actions. */
const AROUND_CHARACTERS = 244;
/** The longest there is, since only AWS knows which one it will be. */
const PARTITION = "aws-us-gov";
const ACCOUNT = "123456789012";

/** What decides the tables that the job commits to. */
export interface TablesInput {
  readonly aws_region: string;
  readonly sources: Readonly<Record<string, { readonly layout: string }>>;
}

/**
 * The tables that the job commits to, in lists that each fit one policy by their ARNs, sorted: with
 * few tables it is one. A table more moves those after it from list to list, and no other permission.
 * Tables of Parquet sources are the crawler's: the job's policies do not name them.
 */
export function tableLists({ aws_region, sources }: TablesInput, databaseName: string): string[][] {
  const lists: string[][] = [];
  let room = 0;
  for (const table of sourcesOf(sources, "iceberg")) {
    const needed = charactersOf(table, aws_region, databaseName);
    if (needed > room) {
      lists.push([]);
      room = IAM_LIMIT.managedCharacters - AROUND_CHARACTERS;
    }
    lists.at(-1)?.push(table);
    room -= needed;
  }
  return lists;
}

/** Of its ARN in a policy, with quotes and comma. */
function charactersOf(table: string, region: string, databaseName: string): number {
  return `"arn:${PARTITION}:glue:${region}:${ACCOUNT}:table/${databaseName}/${table}",`.length;
}
