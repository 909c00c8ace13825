/**
 * Calls without the names of one deployment: `{aws_s3_bucket.etl}` for the bucket's name, `{source}`
 * for a source's. So what was recorded in one lake can be asked of another.
 */
import type { Block } from "../../support/synth";
import type { Call } from "./calls";
import { arnFields } from "./patterns";
import { arnsOf, type ResolvedStack } from "./resolve";

/** Types whose names stand in ARNs. Where two have one name, the first counts. */
const NAMED = [
  "aws_s3_bucket",
  "aws_sqs_queue",
  "aws_sns_topic",
  "aws_dynamodb_table",
  "aws_lambda_function",
  "aws_sfn_state_machine",
  "aws_emrserverless_application",
  "aws_kms_key",
  "aws_glue_crawler",
  "aws_glue_catalog_database",
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_event_rule",
  "aws_iam_role",
];

/** A source of the lake: how its table is kept decides which calls it takes. */
interface Source {
  readonly name: string;
  readonly layout: string;
}

/** The names of one deployed stack, and what stands for them. */
export class Symbols {
  private readonly names: readonly (readonly [name: string, symbol: string])[];
  private readonly sources: readonly Source[];

  constructor(private readonly stack: ResolvedStack) {
    const names = new Map<string, string>();
    for (const type of NAMED)
      for (const { address, arn } of arnsOf(stack, type)) {
        const name = nameIn(arn);
        if (!names.has(name)) names.set(name, `{${address}}`);
      }
    // A name may be part of a longer one.
    this.names = [...names].sort(([a], [b]) => b.length - a.length);
    this.sources = sourcesOf(stack);
  }

  /** The call with symbols for names. */
  of(call: Call): Call {
    return mapTexts(call, (text) => this.withoutSources(this.withoutNames(text)));
  }

  /**
   * A call with symbols as it would be here; undefined where it is about something that is not
   * here, or about a source whose table the job keeps where none here is such. A crawled source is
   * any: what may be done with one hangs on no name.
   */
  resolve(call: Call): Call | undefined {
    const named = mapTexts(call, (text) => this.withSources(this.withNames(text)));
    return JSON.stringify(named).match(/\{(source:)?\w+(\.\w+)?\}/) ? undefined : named;
  }

  private withoutNames(text: string): string {
    const { account, region } = this.stack;
    const replaced = this.names.reduce(
      (left, [name, symbol]) => left.replaceAll(name, symbol),
      text,
    );
    return replaced
      .replaceAll(`:${region}:`, ":{region}:")
      .replaceAll(`:${account}:`, ":{account}:");
  }

  private withNames(text: string): string {
    const { account, region } = this.stack;
    const replaced = text
      .replaceAll(":{region}:", `:${region}:`)
      .replaceAll(":{account}:", `:${account}:`);
    return this.names.reduce((left, [name, symbol]) => left.replaceAll(symbol, name), replaced);
  }

  private withoutSources(text: string): string {
    return this.sources.reduce(
      (left, { name, layout }) =>
        left.replaceAll(new RegExp(`(?<=/)${name}(?=/|$)`, "g"), `{source:${layout}}`),
      text,
    );
  }

  private withSources(text: string): string {
    return text.replaceAll(
      /\{source:(\w+)\}/g,
      (symbol, layout) =>
        this.sources.find((one) => one.layout === layout)?.name ??
        (layout === "parquet" ? "any" : symbol),
    );
  }
}

/** The part of an ARN that a deployment chooses: `log-group:/x` and `role/lake/x` have words before. */
function nameIn(arn: string): string {
  const rest = arnFields(arn)?.[5] ?? "";
  return rest.replace(/^(\/?[a-z-]+\/|[a-zA-Z-]+:)(?=.)/, "");
}

/** The sources that the stack's job is told of. */
function sourcesOf({ configuration }: ResolvedStack): Source[] {
  const { content } = configuration.resource?.aws_s3_object?.sources ?? {};
  return Object.entries<Block>(JSON.parse(content ?? "{}")).map(([name, { layout }]) => ({
    name,
    layout,
  }));
}

function mapTexts(call: Call, change: (text: string) => string): Call {
  const { role, action, resource, context, count } = call;
  return {
    role: change(role),
    action,
    resource: change(resource),
    context: Object.fromEntries(
      Object.entries(context).map(([key, value]) => [
        key,
        typeof value === "string" ? change(value) : value.map(change),
      ]),
    ),
    count,
  };
}
