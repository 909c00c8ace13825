/** What Spark and the JVM wrote about a run: the event log, and the log of the collections. */

/** One attempt of a stage, summed over its tasks. */
export interface Stage {
  readonly id: number;
  readonly name: string;
  readonly tasks: number;
  /** Bytes that tasks took in: from files, and from what Spark had kept of an earlier stage. */
  readonly inputBytes: number;
  /** Bytes written for a later stage. */
  readonly shuffleBytes: number;
  readonly spilledMemoryBytes: number;
  readonly spilledDiskBytes: number;
  /** Seconds of all tasks together, of the longest, of the one in the middle. */
  readonly seconds: number;
  readonly longestSeconds: number;
  readonly medianSeconds: number;
}

/** A run, summed over its stages. */
export interface Profile {
  readonly stages: readonly Stage[];
  readonly tasks: number;
  readonly inputBytes: number;
  readonly shuffleBytes: number;
  readonly spilledMemoryBytes: number;
  readonly spilledDiskBytes: number;
  /** The stage that took the most seconds of tasks; undefined of a run without tasks. */
  readonly largest: Stage | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** What tasks of a stage say, as it is gathered. */
interface Gathered {
  readonly id: number;
  name: string;
  inputBytes: number;
  shuffleBytes: number;
  spilledMemoryBytes: number;
  spilledDiskBytes: number;
  readonly seconds: number[];
}

/**
 * Reads an event log (spark.eventLog.enabled), line by line as Spark writes it: one JSON object
 * each, named by `Event`. https://spark.apache.org/docs/3.5.6/monitoring.html
 * @throws Error that names the line that is no JSON object
 */
export async function profileOf(lines: AsyncIterable<string> | Iterable<string>): Promise<Profile> {
  const stages = new Map<string, Gathered>();
  let at = 0;
  for await (const line of lines) {
    at += 1;
    if (line.trim() === "") continue;
    const event = eventOf(line, at);
    if (event.Event === "SparkListenerTaskEnd") addTask(stages, event);
    if (event.Event === "SparkListenerStageCompleted") {
      const info = objectIn(event, "Stage Info");
      const id = numberIn(info, "Stage ID");
      stageOf(stages, id, numberIn(info, "Stage Attempt ID")).name = String(info["Stage Name"]);
    }
  }
  return summed([...stages.values()].map(finished));
}

function eventOf(line: string, at: number): Json {
  try {
    const event = JSON.parse(line) as Json | null;
    if (typeof event === "object" && event !== null) return event;
  } catch {}
  throw new Error(
    `event log, line ${at}: expected a JSON object, found ${JSON.stringify(line.slice(0, 60))}; was Spark ended while it wrote?`,
  );
}

function stageOf(stages: Map<string, Gathered>, id: number, attempt: number): Gathered {
  const key = `${id}.${attempt}`;
  const found = stages.get(key) ?? {
    ...{ id, name: "", seconds: [] },
    ...{ inputBytes: 0, shuffleBytes: 0, spilledMemoryBytes: 0, spilledDiskBytes: 0 },
  };
  stages.set(key, found);
  return found;
}

function addTask(stages: Map<string, Gathered>, event: Json): void {
  const stage = stageOf(stages, numberIn(event, "Stage ID"), numberIn(event, "Stage Attempt ID"));
  const info = objectIn(event, "Task Info");
  // A task that was lost has no metrics.
  const metrics = objectIn(event, "Task Metrics");
  stage.seconds.push((numberIn(info, "Finish Time") - numberIn(info, "Launch Time")) / 1000);
  stage.inputBytes += numberIn(objectIn(metrics, "Input Metrics"), "Bytes Read");
  stage.shuffleBytes += numberIn(
    objectIn(metrics, "Shuffle Write Metrics"),
    "Shuffle Bytes Written",
  );
  stage.spilledMemoryBytes += numberIn(metrics, "Memory Bytes Spilled");
  stage.spilledDiskBytes += numberIn(metrics, "Disk Bytes Spilled");
}

function objectIn(outer: Json, key: string): Json {
  const value = outer[key];
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function numberIn(outer: Json, key: string): number {
  const value = outer[key];
  return typeof value === "number" ? value : 0;
}

function finished({ seconds, ...rest }: Gathered): Stage {
  const sorted = [...seconds].sort((one, other) => one - other);
  return {
    ...rest,
    tasks: sorted.length,
    seconds: sorted.reduce((sum, value) => sum + value, 0),
    longestSeconds: sorted.at(-1) ?? 0,
    medianSeconds: sorted[Math.floor((sorted.length - 1) / 2)] ?? 0,
  };
}

function summed(stages: readonly Stage[]): Profile {
  const sum = (of: (stage: Stage) => number) => stages.reduce((all, one) => all + of(one), 0);
  const worked = stages.filter(({ tasks }) => tasks > 0);
  return {
    stages: worked,
    tasks: sum(({ tasks }) => tasks),
    inputBytes: sum(({ inputBytes }) => inputBytes),
    shuffleBytes: sum(({ shuffleBytes }) => shuffleBytes),
    spilledMemoryBytes: sum(({ spilledMemoryBytes }) => spilledMemoryBytes),
    spilledDiskBytes: sum(({ spilledDiskBytes }) => spilledDiskBytes),
    largest: [...worked].sort((one, other) => other.seconds - one.seconds)[0],
  };
}

/** How uneven a stage's tasks were: the longest over the median, 1 where all are alike. */
export function skewOf({ longestSeconds, medianSeconds }: Stage): number {
  return medianSeconds === 0 ? 1 : longestSeconds / medianSeconds;
}

/** What a pause of the collector says: the heap before and after it, and all of it. */
const PAUSE = /Pause .* (\d+)([KMG])->(\d+)([KMG])\((\d+)([KMG])\)/;
const UNIT: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/**
 * The most that stood in the heap once it had been collected, in bytes, from a log of `-Xlog:gc`:
 * what a run holds, where the resident set also has what is left lying about. 0 without a pause.
 */
export function heapHeld(log: string): number {
  let most = 0;
  for (const line of log.split("\n")) {
    const found = PAUSE.exec(line);
    if (found) most = Math.max(most, Number(found[3]) * (UNIT[found[4] ?? ""] ?? 0));
  }
  return most;
}
