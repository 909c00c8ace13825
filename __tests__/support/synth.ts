/** What a stack or a construct becomes in Terraform's JSON, in words that tests read well with. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, type TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import { AddressedStack } from "../../src/address";

/** One block of Terraform's JSON. Tests look into it freely; what is not there is undefined. */
// biome-ignore lint/suspicious/noExplicitAny: the JSON has a shape for each of a thousand types
export type Block = any;

interface TerraformJson {
  readonly terraform?: Block;
  readonly provider?: Record<string, Block[]>;
  readonly resource?: Record<string, Record<string, Block>>;
  readonly data?: Record<string, Record<string, Block>>;
  readonly output?: Record<string, Block>;
}

/** A synthesized stack. */
export class Synthesized {
  private readonly json: TerraformJson;

  constructor(readonly text: string) {
    this.json = JSON.parse(text);
  }

  get terraform(): Block {
    return this.json.terraform ?? {};
  }

  get outputs(): Record<string, Block> {
    return this.json.output ?? {};
  }

  /** The stack's only provider block of this name. */
  provider(name: string): Block {
    return only(`provider.${name}`, this.json.provider?.[name] ?? []);
  }

  /** One resource by its address. Fails with the addresses that there are. */
  resource(type: string, name: string): Block {
    return this.at(`${type}.${name}`, this.json.resource?.[type]?.[name]);
  }

  /** One data source by its address. */
  data(type: string, name: string): Block {
    return this.at(`data.${type}.${name}`, this.json.data?.[type]?.[name]);
  }

  /** All resources of one type, by name. */
  all(type: string): Record<string, Block> {
    return this.json.resource?.[type] ?? {};
  }

  /** The only resource of its type. */
  the(type: string): Block {
    return only(type, Object.values(this.all(type)));
  }

  /** Every address, sorted, as `terraform state list` prints them. */
  addresses(): string[] {
    const of = (map: Record<string, Record<string, Block>> | undefined, prefix = "") =>
      Object.entries(map ?? {}).flatMap(([type, names]) =>
        Object.keys(names).map((name) => `${prefix}${type}.${name}`),
      );
    return [...of(this.json.data, "data."), ...of(this.json.resource)].sort();
  }

  private at(address: string, block: Block): Block {
    if (block === undefined)
      throw new Error(`no ${address}; there are:\n  ${this.addresses().join("\n  ")}`);
    return block;
  }
}

/** Synthesizes one construct, or several, in a stack with the project's addresses. */
export function synthScope(build: (scope: Construct) => void): Synthesized {
  class TestStack extends AddressedStack {
    constructor(app: App) {
      super(app, "test");
      new AwsProvider(this, "aws");
      build(this);
    }
  }
  return synthStack((app) => new TestStack(app));
}

/** Synthesizes one stack, validations and annotated errors included. */
export function synthStack(build: (app: App) => TerraformStack): Synthesized {
  // The app makes its output folder at once, though nothing is ever written there.
  const outdir = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    const stack = build(new App({ outdir }));
    const text = Testing.synth(stack, true);
    const errors = stack.node
      .findAll()
      .flatMap((node) => node.node.metadata.filter(({ type }) => type === "@cdktf/error"));
    if (errors.length > 0) throw new Error(errors.map(({ data }) => String(data)).join("\n"));
    return new Synthesized(text);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A reference as Terraform writes it, such as `aws_s3_bucket.landing.id` in dollar and braces. */
export function ref(expression: string): string {
  return `\${${expression}}`;
}

/** A policy document's statements, from a resource's `policy` or `assume_role_policy`. */
export function statements(document: string): Block[] {
  return JSON.parse(document).Statement;
}

/** The statement with this Sid. */
export function statement(document: string, sid: string): Block {
  const all = statements(document);
  const found = all.find(({ Sid }) => Sid === sid);
  if (found === undefined)
    throw new Error(`no statement ${sid}; there are: ${all.map(({ Sid }) => Sid).join(", ")}`);
  return found;
}

function only(what: string, blocks: Block[]): Block {
  if (blocks.length !== 1) throw new Error(`expected one ${what}, found ${blocks.length}`);
  return blocks[0];
}
