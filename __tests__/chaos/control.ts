/** What a test may do to the local AWS beside AWS's own API: `/emulator/…`. */
import type { FaultRequest } from "./fault-kinds";

export interface Disturbance {
  readonly bucket: string;
  /** Pattern of keys, with `*`. */
  readonly keys: string;
  readonly seed: number;
  /** Share of events that come twice. */
  readonly duplicate: number;
  /** Seconds that an event is late at most. */
  readonly delay: number;
}

export class Control {
  constructor(private readonly endpoint: string) {}

  /** Number of the fault, by which `hits` knows it. */
  async arm(request: FaultRequest): Promise<number> {
    const { id } = await this.call<{ id: number }>("POST", "faults", request);
    return id;
  }

  async hits(): Promise<ReadonlyMap<number, number>> {
    const { faults } = await this.call<{ faults: { id: number; hits: number }[] }>("GET", "faults");
    return new Map(faults.map(({ id, hits }) => [id, hits]));
  }

  async disturb(disturbance: Disturbance): Promise<void> {
    await this.call("POST", "deliveries", disturbance);
  }

  /** Events still on their way, and copies that were made of others. */
  async deliveries(): Promise<{ pending: number; copies: number }> {
    const { pending, disturbances } = await this.call<{
      pending: number;
      disturbances: { copies: number }[];
    }>("GET", "deliveries");
    return { pending, copies: disturbances.reduce((sum, { copies }) => sum + copies, 0) };
  }

  /** Processes ended by SIGKILL: of `job_run`, `job_run:ID`, `function:NAME`. */
  async kill(name: string): Promise<number> {
    const { killed } = await this.call<{ killed: number }>("POST", "kill", { name });
    return killed;
  }

  /** Nothing is refused, late or doubled any more. */
  async calm(): Promise<void> {
    await this.call("DELETE", "faults");
    await this.call("DELETE", "deliveries");
  }

  private async call<T>(method: string, what: string, given?: object): Promise<T> {
    const answer = await fetch(`${this.endpoint}/emulator/${what}`, {
      method,
      ...(given === undefined ? {} : { body: JSON.stringify(given) }),
    });
    if (!answer.ok) throw new Error(`${method} /emulator/${what}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
