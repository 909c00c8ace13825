/** What the trigger writes to and asks, in memory: one item a source, reports, executions. */
import type { Outcome } from "../../../../lambda/trigger/contract";
import type { TriggerDeps } from "../../../../lambda/trigger/trigger";
import type { ExecutionState } from "../../../../lambda/trigger/waiting";

const NOW = new Date("2025-10-09T12:34:56.789Z");

export function fakeLake(sources: readonly string[] = ["flights", "weather"]) {
  const days = new Map<string, Set<string>>();
  const waiters = new Map<string, string>();
  const outcomes = new Map<string, Outcome>();
  const states = new Map<string, ExecutionState>();
  const reported = new Map<string, { messageId: string; told: boolean }>();
  const published: { subject: string; message: object }[] = [];
  let topicIsBroken = false;
  const leave = (source: string, execution: string) => {
    if (waiters.get(source) === execution) waiters.delete(source);
  };
  const deps: Omit<TriggerDeps, "requestId" | "log" | "startExecution"> = {
    now: () => NOW,
    readSources: async () => sources,
    stateOf: async (execution) => states.get(execution) ?? "UNKNOWN",
    pending: {
      async add(source, more) {
        days.set(source, new Set([...(days.get(source) ?? []), ...more]));
      },
      async claim(source, execution, dead) {
        const found = waiters.get(source);
        if (found && found !== execution && found !== dead) return found;
        waiters.set(source, execution);
        return undefined;
      },
    },
    outcomeOf: async (execution) => outcomes.get(execution) ?? {},
    reports: {
      async begin({ messageId, subject }) {
        const found = reported.get(subject);
        if (found && (found.messageId !== messageId || found.told)) return false;
        reported.set(subject, { messageId, told: false });
        return true;
      },
      async finish({ messageId, subject }) {
        reported.set(subject, { messageId, told: true });
      },
      async publish(subject, message) {
        if (topicIsBroken) throw new Error("SNS is out of reach");
        published.push({ subject, message });
      },
    },
  };
  return {
    deps,
    states,
    outcomes,
    published,
    leave,
    days: (source: string) => [...(days.get(source) ?? [])],
    waiter: (source: string) => waiters.get(source),
    register: (source: string, execution: string) => waiters.set(source, execution),
    breakTopic: (broken: boolean) => {
      topicIsBroken = broken;
    },
  };
}
