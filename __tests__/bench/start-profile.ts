/** When each resource of a deploy was made, by what Terraform said, and which of them it waited for. */

/** A line of a program's output. */
export interface Said {
  /** Milliseconds since the program's start. */
  readonly atMs: number;
  readonly text: string;
}

/** A resource in the making, in milliseconds since the program's start. */
export interface Span {
  readonly address: string;
  readonly beganMs: number;
  readonly endedMs: number;
}

/** What each resource refers to, or depends on, by address. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

const BEGAN = /(\S+): Creating\.\.\./;
const ENDED = /(\S+): Creation complete after/;
const ADDRESS = /\b(aws_\w+\.\w+)/g;

/** The resources that were made, in the order of their ends. */
export function spansOf(lines: readonly Said[]): Span[] {
  const began = new Map<string, number>();
  const spans: Span[] = [];
  for (const { atMs, text } of lines) {
    const start = BEGAN.exec(text)?.[1];
    if (start !== undefined) began.set(start, atMs);
    const address = ENDED.exec(text)?.[1];
    if (address === undefined) continue;
    const beganMs = began.get(address);
    if (beganMs !== undefined) spans.push({ address, beganMs, endedMs: atMs });
  }
  return spans;
}

export function longest(spans: readonly Span[], count: number): Span[] {
  return [...spans].sort((a, b) => length(b) - length(a)).slice(0, count);
}

/** What the end of the deploy waited for, from the first to the last. */
export function criticalPath(spans: readonly Span[], dependencies: Dependencies): Span[] {
  const path: Span[] = [];
  let next = latest(spans);
  while (next !== undefined) {
    path.unshift(next);
    const needed = dependencies.get(next.address) ?? new Set();
    next = latest(spans.filter(({ address }) => needed.has(address)));
  }
  return path;
}

/** @param stack Terraform's JSON of the stack; a reference is one wherever it stands */
export function dependenciesOf(stack: {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}): Dependencies {
  const blocks: (readonly [string, unknown])[] = Object.entries(stack.resource ?? {}).flatMap(
    ([type, named]) =>
      Object.entries(named).map(([name, body]) => [`${type}.${name}`, body] as const),
  );
  const known = new Set(blocks.map(([address]) => address));
  return new Map(
    blocks.map(([own, body]) => [
      own,
      new Set(
        [...JSON.stringify(body).matchAll(ADDRESS)]
          .map(([, address = ""]) => address)
          .filter((address) => address !== own && known.has(address)),
      ),
    ]),
  );
}

/** Seconds to the tenth. */
export function seconds({ beganMs, endedMs }: Omit<Span, "address">): string {
  return ((endedMs - beganMs) / 1000).toFixed(1);
}

function length({ beganMs, endedMs }: Span): number {
  return endedMs - beganMs;
}

function latest(spans: readonly Span[]): Span | undefined {
  return [...spans].sort((a, b) => b.endedMs - a.endedMs)[0];
}
