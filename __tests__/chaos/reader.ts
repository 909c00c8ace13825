/** Reads the tables while the lake is disturbed: a reader must see each file whole or not at all. */
import { setTimeout as delay } from "node:timers/promises";
import { torn } from "./accounts";
import type { Source } from "./files";
import type { ObservedLake } from "./observed-lake";

export interface Reads {
  /** Times that a table was read. */
  readonly count: number;
  /** What was seen in part, and in which table. */
  readonly torn: readonly string[];
}

const PAUSE_MS = 3000;

export class Reader {
  private count = 0;
  private readonly seen: string[] = [];
  private stopped = false;
  private readonly done: Promise<void>;

  /** The plain layout does not promise it, so its sources are left out. */
  constructor(
    private readonly lake: ObservedLake,
    sources: readonly Source[],
  ) {
    this.done = this.read(sources.filter(({ layout }) => layout === "iceberg"));
    // Whoever stops it hears of a failure.
    this.done.catch(() => {});
  }

  async stop(): Promise<Reads> {
    this.stopped = true;
    await this.done;
    return { count: this.count, torn: this.seen };
  }

  private async read(sources: readonly Source[]): Promise<void> {
    while (!this.stopped) {
      for (const { name } of sources) {
        const rows = await this.lake.rows(`SELECT id FROM ${name}`);
        if (rows === undefined) continue;
        this.count += 1;
        this.seen.push(...torn(rows.map(([id]) => id ?? null)).map((one) => `${name}: ${one}`));
      }
      await delay(PAUSE_MS);
    }
  }
}
