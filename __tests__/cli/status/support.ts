/** A lake that does well, and what a test changes of it. */
import type { LakeStatus } from "../../../src/cli/status/status";

export const NOW = new Date("2026-01-02T12:00:00Z");

export function minutesAgo(minutes: number): Date {
  return new Date(NOW.getTime() - minutes * 60_000);
}

export function lakeStatus(changes: Partial<LakeStatus> = {}): LakeStatus {
  const queue = { isDeployed: true, waiting: 0, inFlight: 0 };
  return {
    ...{ environment: "qa", region: "us-east-1", account: "123456789012", at: NOW },
    application: { name: "lake-spark-qa", id: "app", state: "STOPPED", jobs: {}, maxVcpu: 16 },
    ingestion: { state: "on", mappingId: "m" },
    running: [],
    lastRuns: [],
    queues: [
      { ...queue, name: "lake-ingest-qa", role: "ingest" },
      { ...queue, name: "lake-ingest-dlq-qa", role: "dead letters" },
      { ...queue, name: "lake-events-dlq-qa", role: "dead letters" },
    ],
    stuckDays: [],
    sources: [
      {
        ...{ source: "flights", lastWrite: minutesAgo(90), newestDay: "2026-01-02" },
        ...{ expectedEveryHours: 24, state: "fresh" },
      },
    ],
    alarms: { total: 2, ok: 2, insufficientData: 0, inAlarm: [] },
    ...changes,
  };
}
