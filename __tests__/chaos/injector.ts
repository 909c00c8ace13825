/** Brings faults about, and counts those that struck. */
import { setTimeout as delay } from "node:timers/promises";
import type { Control } from "./control";
import { requestsOf } from "./fault-kinds";
import type { ObservedLake } from "./observed-lake";
import type { PlannedFault } from "./plan";

/** Milliseconds that a Spark job runs at least: somewhere in them it is killed. */
const JOB_MS = 8000;
/** Less than a crawl takes: between two of somebody else's there is hardly room for ours. */
const LOOK_MS = 300;

/** Tries to strike; how often it did. */
type Act = () => Promise<number>;

export class Injector {
  /** Of what is done by hand. */
  private readonly struck = new Map<string, number>();
  private readonly armed = new Map<number, string>();
  private readonly acts: Promise<void>[] = [];
  /** Executions that found the crawler busy. */
  private readonly refused = new Set<string>();
  private ended = false;

  constructor(
    private readonly lake: ObservedLake,
    private readonly control: Control,
    private readonly quick: boolean,
  ) {}

  /** Arms what is a refused or deadly call; begins what is done by hand, until it has struck. */
  async arm({ kind, draw }: PlannedFault): Promise<void> {
    this.struck.set(kind, this.struck.get(kind) ?? 0);
    for (const request of requestsOf(kind, this.lake.lake.names, draw) ?? [])
      this.armed.set(await this.control.arm(request), kind);
    const act = this.byHand(kind, draw);
    if (act === undefined) return;
    const acting = this.untilStruck(kind, act);
    // Whoever ends it hears of a failure.
    acting.catch(() => {});
    this.acts.push(acting);
  }

  /** How often each kind has struck. */
  async faults(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map(this.struck);
    for (const [id, hits] of await this.control.hits()) {
      const kind = this.armed.get(id);
      if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + hits);
    }
    return counts;
  }

  /** Nothing is done by hand any more; what is armed stays. */
  async end(): Promise<void> {
    this.ended = true;
    await Promise.all(this.acts);
  }

  private async untilStruck(kind: string, act: Act): Promise<void> {
    for (; !this.ended; await delay(LOOK_MS)) {
      const times = await act();
      this.struck.set(kind, (this.struck.get(kind) ?? 0) + times);
      if (times > 0) return;
    }
  }

  private byHand(kind: string, draw: number): Act | undefined {
    if (kind === "Spark killed at any moment") return this.killer(draw * JOB_MS);
    if (kind === "owner of the lock stopped") return this.stopper(draw * JOB_MS);
    if (kind === "crawler busy") return () => this.crawl();
    return undefined;
  }

  private killer(ms: number): Act {
    let wait = ms;
    return async () => {
      const job = (await this.lake.jobs()).find(({ state }) => state === "RUNNING");
      if (job === undefined) return 0;
      await delay(wait);
      // A job that was over before is no reason to miss the next.
      wait /= 2;
      return this.control.kill(`job_run:${job.id}`);
    };
  }

  private stopper(ms: number): Act {
    let wait = this.quick ? 0 : ms;
    return async () => {
      const [owner] = await this.ownersToStop();
      if (owner === undefined) return 0;
      await delay(wait);
      wait /= 2;
      if (!(await this.ownersToStop()).includes(owner)) return 0;
      return (await this.lake.stop(owner)) ? 1 : 0;
    };
  }

  /**
   * Owners that run. Who waits already looks at the owner again after minutes, whoever comes later
   * does so at once: the quick way strikes when nobody waits, and nothing is on its way.
   */
  private async ownersToStop(): Promise<string[]> {
    const owners = await this.lake.owners();
    const executions = await this.lake.executions();
    const running = new Set(
      executions.flatMap(({ arn, status }) => (status === "RUNNING" ? arn : [])),
    );
    const found = owners.filter((execution) => running.has(execution));
    const nobodyWaits = found.length === running.size;
    return this.quick && !(nobodyWaits && (await this.nobodyComes())) ? [] : found;
  }

  private async nobodyComes(): Promise<boolean> {
    if ((await this.control.deliveries()).pending > 0) return false;
    return (await this.lake.messages(this.lake.lake.names.queue.ingest)) === 0;
  }

  /** Somebody else starts the crawler, until it has refused a run of the lake. */
  private async crawl(): Promise<number> {
    await this.lake.startCrawler();
    for (const { arn, status } of await this.lake.executions()) {
      if (status !== "RUNNING" || this.refused.has(arn)) continue;
      if (!(await this.lake.errorsOf(arn)).includes("Glue.CrawlerRunningException")) continue;
      this.refused.add(arn);
      return 1;
    }
    return 0;
  }
}
