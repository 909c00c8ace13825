/** The synthesized stack as a graph: its resources, and what refers to what. Pure. */

/** One block of Terraform's JSON; what is not there is undefined. */
export type Body = Readonly<Record<string, unknown>>;

/** One stack as cdktf writes it (`cdk.tf.json`). */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Body>>>>;
}

/** One resource. */
export interface Resource {
  /** As `terraform state list` prints it, such as `aws_s3_bucket.landing`. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly body: Body;
}

/** One resource that names another. */
export interface Reference {
  readonly from: Resource;
  readonly to: Resource;
  /** Where in the body, outermost first, without places in lists. */
  readonly path: readonly string[];
}

/** A stack's resources and the references between them; data sources are not drawn. */
export class StackGraph {
  readonly resources: readonly Resource[];
  readonly references: readonly Reference[];
  private readonly byAddress: ReadonlyMap<string, Resource>;

  constructor(stack: StackJson) {
    this.resources = Object.entries(stack.resource ?? {}).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, body]) => ({
        address: `${type}.${name}`,
        type,
        name,
        body,
      })),
    );
    this.byAddress = new Map(this.resources.map((resource) => [resource.address, resource]));
    this.references = this.resources.flatMap((resource) => this.referencesOf(resource));
  }

  all(type: string): readonly Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  from(resource: Resource): readonly Reference[] {
    return this.references.filter(({ from }) => from === resource);
  }

  to(resource: Resource): readonly Reference[] {
    return this.references.filter(({ to }) => to === resource);
  }

  /** The resources that a text names in `${…}`, each once. */
  named(text: string): readonly Resource[] {
    const found = [...text.matchAll(/\$\{([^}]*)\}/g)]
      .flatMap(([, expression = ""]) => [...expression.matchAll(/([a-z]\w*\.\w[\w-]*)/g)])
      .map(([address]) => this.byAddress.get(address));
    return [...new Set(found.filter((one) => one !== undefined))];
  }

  private referencesOf(from: Resource): Reference[] {
    const references: Reference[] = [];
    // An order of work is no relation that a reader looks for.
    for (const [path, text] of texts(from.body))
      if (path[0] !== "//" && path[0] !== "depends_on")
        for (const to of this.named(text)) if (to !== from) references.push({ from, to, path });
    return references;
  }
}

/** Every text of a value, with the keys that lead to it. */
function* texts(
  value: unknown,
  path: readonly string[] = [],
): Generator<[path: readonly string[], text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value)) for (const one of value) yield* texts(one, path);
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value)) yield* texts(one, [...path, key]);
}

/** A block that Terraform's JSON has as a list or as itself: all of them. */
export function blocks(value: unknown): readonly Body[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((one): one is Body => typeof one === "object" && one !== null);
}
