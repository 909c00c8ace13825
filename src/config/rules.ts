/**
 * The rules that no single field can judge: each compares several fields and says the numbers.
 * What a fault says to set has been tried: it mends that fault and breaks no other rule.
 */
import { overlongNames, physicalNames } from "../naming";
import { runsThatFit, workerMemorySizes } from "./capacity";
import { type Change, type Problem, type Rule, type RuleInput, wayWords } from "./problems";
import { variablesSchema } from "./schema";
import { nearest, SPARK_FITS, SPARK_RULES, WORKER_PAIR } from "./spark-rules";

/** One thing that is wrong with an environment's values. */
export interface RuleFault {
  readonly rule: string;
  /** The variable to change first. */
  readonly variable: string;
  /** All that have to do with it. */
  readonly reads: readonly string[];
  readonly message: string;
  /** Each mends it, alone. */
  readonly ways: readonly Change[];
}

/** An environment as its rules see it: what is set, without what is faulty by itself. */
export interface Subject {
  readonly environment: string;
  readonly given: Readonly<Record<string, unknown>>;
  /** Rules that read one of these are not asked: its fault is known. */
  readonly faulty?: ReadonlySet<string>;
}

type Found = Problem & { readonly rule: string; readonly reads: readonly string[] };

/** Characters that project and bucket_suffix have at least. */
const SHORTEST_PART = 2;
/** So many ways out are enough to choose from. */
const WAYS_SHOWN = 2;

const OTHER_RULES: readonly Rule[] = [
  {
    name: "lifecycle",
    reads: ["raw_intelligent_tiering_days", "raw_glacier_days"],
    judge: lifecycleAscends,
  },
  { name: "names", reads: ["project", "bucket_suffix"], judge: namesFit },
];

/** Every rule that the values break, in a stable order; empty when the environment is sound. */
export function brokenRules(subject: Subject): RuleFault[] {
  const pairs = ask(subject, [WORKER_PAIR]) ?? [];
  // A worker that does not exist has no capacity to judge: the one that is asked for has.
  const mended: Subject = { ...subject, given: { ...subject.given, ...pairs[0]?.ways[0] } };
  const others = judgeRest(mended) ?? [];
  const before = new Set(others.map(key));
  return [
    ...pairs.map((problem) => inWords(problem, subject, before)),
    ...others.map((problem) => inWords(problem, mended, before)),
  ];
}

const key = ({ rule, variable }: Found) => `${rule} ${variable}`;

/** Problems of these rules; undefined where the schema takes the values no more. */
function ask({ given, environment, faulty }: Subject, rules: readonly Rule[]): Found[] | undefined {
  const { success, data } = variablesSchema.safeParse(given);
  if (!success) return undefined;
  return rules
    .filter(({ reads }) => !reads.some((name) => faulty?.has(name)))
    .flatMap(({ name, reads, judge }) =>
      judge(data, environment).map((problem) => ({ ...problem, rule: name, reads })),
    );
}

function judgeRest(subject: Subject): Found[] | undefined {
  const spark = ask(subject, SPARK_RULES);
  const others = ask(subject, OTHER_RULES);
  if (!spark || !others) return undefined;
  const fit = spark.find(({ rule }) => rule === SPARK_FITS.name);
  const rest = spark.filter((problem) => problem !== fit);
  if (!fit || rest.length === 0) return [...spark, ...others];
  // They compete for the same variables: remedies of each alone would undo each other.
  const what = [fit, ...rest].map((problem) => problem.what).join("; besides, ");
  return [{ ...fit, what }, ...others];
}

function inWords(problem: Found, subject: Subject, before: ReadonlySet<string>): RuleFault {
  const ways = problem.ways
    .map((way) => tried(way, problem, subject, before))
    .filter((way) => way !== undefined)
    .slice(0, WAYS_SHOWN);
  const remedy = ways.length > 0 ? wayWords(ways) : (problem.advice ?? "Correct them");
  return {
    rule: problem.rule,
    variable: problem.variable,
    reads: problem.reads,
    message: `${problem.what}. ${remedy}`,
    ways,
  };
}

/** The way with all that has to follow it, where it mends the problem and makes no other. */
function tried(
  way: Change,
  problem: Found,
  subject: Subject,
  before: ReadonlySet<string>,
): Change | undefined {
  if (Object.keys(way).length === 0) return undefined;
  const change = withFollowers(way, subject, before);
  const changed = { ...subject, given: { ...subject.given, ...change } };
  const after = [...(ask(changed, [WORKER_PAIR]) ?? []), ...(judgeRest(changed) ?? [problem])];
  return after.every((found) => key(found) !== key(problem) && before.has(key(found)))
    ? change
    : undefined;
}

/** Values that have to follow others, each by the rule that it would else break. */
const FOLLOWERS: readonly (readonly [
  name: keyof RuleInput,
  rule: string,
  value: (input: RuleInput) => number,
])[] = [
  [
    "emr_worker_memory",
    "pair emr_worker_memory",
    (v) => nearest(workerMemorySizes(v.emr_worker_cpu), v.emr_worker_memory),
  ],
  [
    "spark_executor_instances",
    "room to grow spark_max_executors",
    (v) => Math.min(v.spark_executor_instances, v.spark_max_executors - 1),
  ],
  [
    "spark_min_executors",
    "least spark_min_executors",
    (v) => Math.min(v.spark_min_executors, v.spark_executor_instances),
  ],
  [
    "max_concurrent_runs",
    "runs max_concurrent_runs",
    (v) => Math.min(v.max_concurrent_runs, runsThatFit(v) || v.max_concurrent_runs),
  ],
];

function withFollowers(way: Change, subject: Subject, before: ReadonlySet<string>): Change {
  let change = way;
  for (const [name, rule, value] of FOLLOWERS) {
    // What was wrong before has a fault, and a remedy, of its own.
    if (name in way || before.has(rule) || subject.faulty?.has(name)) continue;
    const { success, data } = variablesSchema.safeParse({ ...subject.given, ...change });
    if (!success) return change;
    const follows = value(data);
    if (follows !== data[name]) change = { ...change, [name]: follows };
  }
  return change;
}

function lifecycleAscends(input: RuleInput): Problem[] {
  const { raw_intelligent_tiering_days: first, raw_glacier_days: second } = input;
  if (first < second) return [];
  return [
    {
      variable: "raw_glacier_days",
      what: `must be later than raw_intelligent_tiering_days (${first}); got ${second}`,
      ways: [{ raw_glacier_days: first + 1 }, { raw_intelligent_tiering_days: second - 1 }],
    },
  ];
}

/** The name that is too long by most: a project that mends it mends the others. */
function namesFit(input: RuleInput, environment: string): Problem[] {
  const { project, bucket_suffix: bucketSuffix } = input;
  const overlong = overlongNames(physicalNames({ project, environment, bucketSuffix }))
    .map((found) => ({ ...found, excess: found.name.length - found.limit }))
    .sort((a, b) => b.excess - a.excess);
  const [worst] = overlong;
  if (!worst) return [];
  const bucketsAlone = overlong.every(({ kind }) => kind === "bucket");
  const parts = [
    ...(project.length - worst.excess >= SHORTEST_PART ? ["project"] : []),
    ...(bucketsAlone && (bucketSuffix?.length ?? 0) - worst.excess >= SHORTEST_PART
      ? ["bucket_suffix"]
      : []),
  ];
  return [
    {
      variable: "project",
      what: `the ${worst.kind} name "${worst.name}" has ${worst.name.length} characters, AWS allows ${worst.limit}`,
      ways: [],
      advice: `Shorten ${parts.join(" or ") || "project and bucket_suffix together"} by ${worst.excess}`,
    },
  ];
}
