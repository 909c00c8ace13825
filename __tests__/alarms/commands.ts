/** What these tests do to the local AWS beside AWS's own API: `/emulator/…`. */

/** A state in which job runs can be held. */
export type HeldState = "PENDING" | "SCHEDULED" | "RUNNING";

/** Since when (s since the epoch), how many minutes had gone by then, and seconds of a minute. */
type Length = readonly [since: number, gone: number, seconds: number];

export function commandsOf(endpoint: string) {
  async function command<T>(method: string, what: string, given?: object): Promise<T> {
    const answer = await fetch(`${endpoint}/emulator/${what}`, {
      method,
      ...(given === undefined ? {} : { body: JSON.stringify(given) }),
    });
    if (!answer.ok) throw new Error(`${method} /emulator/${what}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
  return {
    hold: (state: HeldState) => command("POST", "hold", { job_runs: state }),
    release: (state: HeldState) => command("DELETE", "hold", { job_runs: state }),
    /** Ends an execution as if its TimeoutSeconds were over. */
    async timeOut(execution: string): Promise<void> {
      const { timed_out: count } = await command<{ timed_out: number }>("POST", "time_out", {
        execution,
      });
      if (count !== 1) throw new Error(`${execution}: expected one that runs, found ${count}`);
    },
    /** The next call whose path or body has this in it is refused. */
    refuse: (service: string, action: string, match: string) =>
      command("POST", "faults", { service, action, match, error: "AccessDenied", status: 403 }),
    metric: (datum: { namespace: string; name: string; dimensions: object; region: string }) =>
      command("POST", "metric", { ...datum, value: 1 }),
    /** USD of this month. */
    spend: (usd: { actual?: number; forecast?: number }) => command("POST", "spend", usd),
    /** From now on a CloudWatch minute has so many seconds. */
    lapse: (seconds: number) => command("POST", "minute", { seconds }),
    /** CloudWatch minutes until a moment, whatever their lengths. */
    async minutes(): Promise<(moment: Date) => number> {
      const { lengths } = await command<{ lengths: readonly Length[] }>("GET", "minute");
      return (moment) => {
        const at = moment.getTime() / 1000;
        const [since, gone, seconds] = lengths.findLast(([begin]) => begin <= at) ?? [0, 0, 60];
        return gone + (at - since) / seconds;
      };
    },
  };
}

export type Commands = ReturnType<typeof commandsOf>;
