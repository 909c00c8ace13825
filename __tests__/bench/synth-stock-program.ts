/**
 * The program that somebody writes who starts from `cdktf init --template=typescript`: imports from
 * the packages' roots, one class a resource, and the resources of stacks that are synthesized
 * already. The configuration lies beside the program as data, so that ts-node has little to compile:
 * a program with each resource written out would be slower.
 */

/** One stack as cdktf writes it, or as far as it is read here. */
export interface StackJson {
  readonly terraform: { readonly backend: Readonly<Record<string, Block>> };
  readonly provider: { readonly aws: readonly Block[] };
  readonly resource: Elements;
  readonly data?: Elements;
  readonly output?: Readonly<Record<string, Block>>;
}

/** Blocks by type and name. */
type Elements = Readonly<Record<string, Readonly<Record<string, Block>>>>;
type Block = Readonly<Record<string, unknown>>;

/** Attributes whose keys are the user's, and not Terraform's. */
const MAPS = ["tags", "variables", "dimensions"];
/** What cdktf takes as a construct and not by its address; the peer goes without. */
const BY_CONSTRUCT = ["depends_on", "//"];

/** Types whose class cdktf names otherwise, since an older block of the bucket has the name. */
const RENAMED = [
  "aws_s3_bucket_logging",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
];

/** Files of the program, by name. */
export function stockProgram(
  stacks: Readonly<Record<string, StackJson>>,
): Readonly<Record<"main.ts" | "stacks.json", string>> {
  const all = Object.values(stacks);
  const types = [
    ...new Set([
      ...all.flatMap(({ resource }) => Object.keys(resource)),
      ...all.flatMap(({ data = {} }) => Object.keys(data).map(dataType)),
    ]),
  ].sort();
  const configurations = Object.fromEntries(
    Object.entries(stacks).map(([name, stack]) => [name, configurationOf(stack)]),
  );
  return { "main.ts": programOf(types), "stacks.json": JSON.stringify(configurations) };
}

/** Resources and data sources by type: how many there are of each in all stacks. */
export function countsByType(stacks: Readonly<Record<string, StackJson>>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { resource, data = {} } of Object.values(stacks))
    for (const [type, elements] of [
      ...Object.entries(resource),
      ...Object.entries(data).map(([type, elements]) => [dataType(type), elements] as const),
    ])
      counts[type] = (counts[type] ?? 0) + Object.keys(elements).length;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function dataType(type: string): string {
  return type.replace(/^aws_/, "data_aws_");
}

function configurationOf({ terraform, provider, resource, data = {}, output = {} }: StackJson) {
  const dataByType = Object.entries(data).map(([type, elements]) => [dataType(type), elements]);
  const elements = { ...resource, ...Object.fromEntries(dataByType) };
  return {
    s3: terraform.backend.s3 && camelled(without(terraform.backend.s3, ["use_lockfile"])),
    local: terraform.backend.local,
    provider: camelled(provider.aws[0]),
    outputs: output,
    elements: Object.fromEntries(
      Object.entries(elements).map(([type, blocks]) => [
        type,
        Object.fromEntries(
          Object.entries(blocks as Record<string, Block>).map(([name, block]) => [
            name,
            camelled(without(block, BY_CONSTRUCT)),
          ]),
        ),
      ]),
    ),
  };
}

function without(block: Block, keys: readonly string[]): Block {
  return Object.fromEntries(Object.entries(block).filter(([key]) => !keys.includes(key)));
}

/** Terraform's names as cdktf's properties have them. */
function camelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      camel(key),
      MAPS.includes(key) ? inner : camelled(inner),
    ]),
  );
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function programOf(types: readonly string[]): string {
  const namespaces = types.map((type) => camel(type.replace(/^aws_/, "")));
  const classes = types.map((type, index) => {
    const name = namespaces[index] ?? "";
    const ending = RENAMED.includes(type) ? "A" : "";
    return `${name}.${name[0]?.toUpperCase()}${name.slice(1)}${ending}`;
  });
  return `import { readFileSync } from "fs";
import { Construct } from "constructs";
import { App, LocalBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import { provider, ${namespaces.join(", ")} } from "@cdktf/provider-aws";

class MyStack extends TerraformStack {
  constructor(scope: Construct, id: string, stack: any) {
    super(scope, id);
    new provider.AwsProvider(this, "aws", stack.provider);
    if (stack.s3) new S3Backend(this, stack.s3);
    else new LocalBackend(this, stack.local);
    for (const [name, output] of Object.entries<any>(stack.outputs))
      new TerraformOutput(this, name, output);
${types
  .map(
    (
      type,
      index,
    ) => `    for (const [name, config] of Object.entries<any>(stack.elements.${type} ?? {}))
      new ${classes[index]}(this, \`${type}.\${name}\`, config).overrideLogicalId(name);`,
  )
  .join("\n")}
  }
}

const stacks = JSON.parse(readFileSync("stacks.json", "utf8"));
const app = new App();
for (const [name, stack] of Object.entries<any>(stacks)) new MyStack(app, name, stack);
app.synth();
`;
}
