/** What becomes of objects with age, zone by zone, from the lifecycle rules in the graph. Pure. */
import { zonesOf } from "./architecture";
import { type Body, blocks, type Resource, type StackGraph } from "./graph";

/** A time in one storage class. */
export interface Stage {
  /** Day of an object's life that it begins on. */
  readonly from: number;
  /** Undefined where nothing ends it. */
  readonly to: number | undefined;
  /** As AWS's pages call it. */
  readonly storageClass: string;
}

/** One zone, or a bucket without zones. */
export interface ZoneLife {
  readonly bucket: string;
  /** Folders, each with a slash, that share this life; none for the whole bucket. */
  readonly zones: readonly string[];
  readonly stages: readonly Stage[];
  /** Whether the last stage ends in deletion, or goes on. */
  readonly deleted: boolean;
  /** Days that replaced and deleted versions are kept; undefined for as long as the bucket. */
  readonly versionDays: number | undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html */
const CLASS_NAMES: Readonly<Record<string, string>> = {
  STANDARD: "Standard",
  STANDARD_IA: "Standard-IA",
  ONEZONE_IA: "One Zone-IA",
  INTELLIGENT_TIERING: "Intelligent-Tiering",
  GLACIER_IR: "Glacier Instant Retrieval",
  GLACIER: "Glacier Flexible Retrieval",
  DEEP_ARCHIVE: "Glacier Deep Archive",
};

/** Every zone of every bucket, those with one life in one; the buckets where most happens first. */
export function livesOf(graph: StackGraph): ZoneLife[] {
  const buckets = graph.all("aws_s3_bucket").map((bucket) => {
    const rules = rulesOf(graph, bucket);
    const zones = zonesOf(graph, bucket).map((zone) => `${zone}/`);
    if (zones.length === 0) return [lifeOf(bucket, "", rules)];
    return together(zones.map((zone) => lifeOf(bucket, zone, rules)));
  });
  const weight = (lives: readonly ZoneLife[]) =>
    Math.max(...lives.map(({ stages, zones }) => 10 * stages.length + zones.length));
  return buckets.sort((a, b) => weight(b) - weight(a)).flat();
}

function together(lives: readonly ZoneLife[]): ZoneLife[] {
  const same = new Map<string, ZoneLife>();
  for (const life of lives) {
    const key = JSON.stringify([life.stages, life.deleted]);
    const known = same.get(key);
    same.set(key, known ? { ...known, zones: [...known.zones, ...life.zones] } : life);
  }
  return [...same.values()];
}

function rulesOf(graph: StackGraph, bucket: Resource): readonly Body[] {
  return graph
    .all("aws_s3_bucket_lifecycle_configuration")
    .filter((one) => graph.from(one).some(({ to }) => to === bucket))
    .flatMap(({ body }) => blocks(body.rule))
    .filter(({ status }) => status === "Enabled");
}

function lifeOf(bucket: Resource, zone: string, rules: readonly Body[]): ZoneLife {
  const own = rules.filter((rule) => {
    const prefixes = blocks(rule.filter).map(({ prefix }) => String(prefix ?? ""));
    return prefixes.every((prefix) => zone.startsWith(prefix));
  });
  const days = (key: string, field: string) =>
    own
      .flatMap((rule) => blocks(rule[key]))
      .flatMap((one) => {
        const value = Number(one[field]);
        return Number.isFinite(value) ? [value] : [];
      });
  const end = least(days("expiration", "days"));
  const moves = own
    .flatMap((rule) => blocks(rule.transition))
    .map((one) => ({ from: Number(one.days ?? 0), storageClass: String(one.storage_class) }))
    .filter(({ from }) => end === undefined || from < end)
    .sort((a, b) => a.from - b.from);
  const begins = [{ from: 0, storageClass: "STANDARD" }, ...moves];
  return {
    bucket: bucket.name.replaceAll("_", " "),
    zones: zone === "" ? [] : [zone],
    stages: begins.map(({ from, storageClass }, i) => ({
      from,
      to: begins[i + 1]?.from ?? end,
      storageClass: CLASS_NAMES[storageClass] ?? storageClass,
    })),
    deleted: end !== undefined,
    versionDays: least(days("noncurrent_version_expiration", "noncurrent_days")),
  };
}

function least(values: readonly number[]): number | undefined {
  return values.length > 0 ? Math.min(...values) : undefined;
}
