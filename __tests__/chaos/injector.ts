/** Brings faults about, and counts those that struck. */
import { setTimeout as delay } from "node:timers/promises";
import type { Control } from "./control";
import { requestsOf } from "./fault-kinds";
import type { ObservedLake } from "./observed-lake";
import type { PlannedFault } from "./plan";

/** Milliseconds that a Spark job runs at least: somewhere in them it is killed. */
const JOB_MS = 8000;

export class Injector {
  readonly struck = new Map<string, number>();
  /** Events that came twice; known when counted. */
  copies = 0;
  private readonly armed = new Map<number, string>();

  constructor(
    private readonly lake: ObservedLake,
    private readonly control: Control,
  ) {}

  /** Arms what is a refused or deadly call. */
  async arm({ kind, draw }: PlannedFault): Promise<void> {
    this.strike(kind, 0);
    for (const request of requestsOf(kind, this.lake.lake.names, draw) ?? [])
      this.armed.set(await this.control.arm(request), kind);
  }

  /** Does what is done to a run by hand; nothing for other kinds. */
  async act({ kind, draw }: PlannedFault): Promise<void> {
    if (kind === "Spark killed at any moment") {
      await delay(draw * JOB_MS);
      this.strike(kind, await this.control.kill("job_run"));
    }
    if (kind === "owner of the lock stopped") {
      const running = (await this.lake.executions()).filter(({ status }) => status === "RUNNING");
      const victim = running[Math.floor(draw * running.length)];
      if (victim === undefined) return;
      await this.lake.stop(victim.arn);
      this.strike(kind, 1);
    }
  }

  /** Takes over what the local AWS has counted; call it before the faults are cleared. */
  async count(): Promise<void> {
    for (const [id, hits] of await this.control.hits()) {
      const kind = this.armed.get(id);
      if (kind !== undefined) this.strike(kind, hits);
    }
    this.copies = (await this.control.deliveries()).copies;
  }

  private strike(kind: string, times: number): void {
    this.struck.set(kind, (this.struck.get(kind) ?? 0) + times);
  }
}
