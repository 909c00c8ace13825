/** What a seed makes happen: the events, and when which fault strikes. Pure. */
import { createHash } from "node:crypto";
import { type FaultKind, faultKinds } from "./fault-kinds";
import { type FileVersion, fileName, type Source } from "./files";
import { Random } from "./random";

/** One thing done to the raw zone; S3 tells of each by one event. */
export type Operation =
  | { readonly kind: "upload" | "late" | "overwrite" | "again"; readonly file: FileVersion }
  | { readonly kind: "delete"; readonly key: string };

export interface Round {
  /** Done at once. */
  readonly before: readonly Operation[];
  /** Done when a Spark job runs. */
  readonly during: readonly Operation[];
  readonly faults: readonly PlannedFault[];
}

export interface PlannedFault {
  readonly kind: FaultKind;
  /** From 0 up to 1: where a kind leaves something open, this decides it. */
  readonly draw: number;
}

export interface Plan {
  readonly seed: number;
  readonly sources: readonly Source[];
  readonly rounds: readonly Round[];
  /** Share of S3's events that come twice, and the most seconds that one is late. */
  readonly duplicate: number;
  readonly delay: number;
  /** Leaves out what makes a run wait for minutes. */
  readonly quick: boolean;
}

export interface PlanProps {
  readonly seed: number;
  /** Operations in all. */
  readonly events: number;
  readonly sources: readonly Source[];
  /** First part of every key, so that two plans may share a lake. */
  readonly prefix?: string;
  readonly quick?: boolean;
}

const DAYS = ["2025-10-07", "2025-10-08", "2025-10-09", "2025-10-10"];
const EVENTS_A_ROUND = 40;
const LEAST_ROUNDS = 2;
const LEAST_FAULTS_A_ROUND = 3;
/** Share of a round's operations that wait for a running job. */
const DURING = 0.4;

export function planOf(props: PlanProps): Plan {
  const { seed, events, sources, prefix = `s${seed}`, quick = false } = props;
  const random = new Random(seed);
  const count = Math.max(LEAST_ROUNDS, Math.ceil(events / EVENTS_A_ROUND));
  const kinds = dealt(faultKinds(sources), count, random);
  const raw = new RawZone(sources, prefix, random);
  const rounds = kinds.map((faults, at): Round => {
    const size = Math.floor((events * (at + 1)) / count) - Math.floor((events * at) / count);
    const operations = Array.from({ length: size }, () => raw.next(at));
    const early = Math.ceil(size * (1 - DURING));
    return {
      before: operations.slice(0, early),
      during: operations.slice(early),
      faults: faults.map((kind) => ({ kind, draw: random.next() })),
    };
  });
  return { seed, sources, rounds, duplicate: 0.3, delay: 3, quick };
}

/** Two runs of one seed show by it that they had one plan. */
export function fingerprint(plan: Plan): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 12);
}

/** Each kind once before any comes twice. */
function dealt(kinds: readonly FaultKind[], rounds: number, random: Random): FaultKind[][] {
  const each = Math.max(LEAST_FAULTS_A_ROUND, Math.ceil(kinds.length / rounds));
  let deck: FaultKind[] = [];
  return Array.from({ length: rounds }, () => {
    const hand: FaultKind[] = [];
    while (hand.length < Math.min(each, kinds.length)) {
      if (deck.length === 0) deck = random.shuffled(kinds);
      const next = deck.find((kind) => !hand.includes(kind)) ?? (deck[0] as FaultKind);
      deck = deck.filter((kind) => kind !== next);
      if (!hand.includes(next)) hand.push(next);
    }
    return hand;
  });
}

/** What lies in raw/ as far as the plan has come. */
class RawZone {
  private readonly live = new Map<string, FileVersion>();
  private files = 0;
  private versions = 0;

  constructor(
    private readonly sources: readonly Source[],
    private readonly prefix: string,
    private readonly random: Random,
  ) {}

  next(round: number): Operation {
    const draw = this.random.next();
    if (this.live.size < 3 || draw < 0.6) return this.upload(round);
    const file = this.random.pick([...this.live.values()]);
    if (draw < 0.75) return { kind: "overwrite", file: this.keep(file.source, file.key) };
    if (draw < 0.85) return { kind: "again", file };
    this.live.delete(file.key);
    return { kind: "delete", key: file.key };
  }

  private upload(round: number): Operation {
    const { random } = this;
    const source = random.pick(this.sources);
    const today = round % DAYS.length;
    const late = today > 0 && random.chance(0.3);
    const day = DAYS[late ? random.integer(0, today - 1) : today] as string;
    const [year, month, date] = day.split("-");
    this.files += 1;
    const name = fileName(random, `${this.prefix}-f${this.files}`, source.format);
    const key = `raw/${source.name}/year=${year}/month=${month}/day=${date}/${name}`;
    return { kind: late ? "late" : "upload", file: this.keep(source, key) };
  }

  private keep(source: Source, key: string): FileVersion {
    const { random } = this;
    this.versions += 1;
    const file = {
      source,
      key,
      name: `${this.prefix}.v${this.versions}`,
      good: random.integer(1, 12),
      bad: random.chance(0.3) ? random.integer(1, 3) : 0,
      seed: random.integer(0, 2 ** 31),
    };
    this.live.set(key, file);
    return file;
  }
}
