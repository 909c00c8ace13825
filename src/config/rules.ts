/**
 * The rules that no single field can judge: each compares several fields and says the numbers.
 * What a fault says to set has been tried: it mends that fault and breaks no other rule.
 */
import { overlongNames, physicalNames } from "../naming";
import { runsThatFit, workerMemorySizes } from "./capacity";
import { type Change, type Problem, type Rule, type RuleInput, wayWords } from "./problems";
import { variablesSchema } from "./schema";
import { SOURCE_RULES } from "./source-rules";
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

/** All but the worker's own. */
const OTHER_RULES: readonly Rule[] = [
  ...SPARK_RULES,
  {
    name: "lifecycle",
    reads: ["raw_intelligent_tiering_days", "raw_glacier_days"],
    judge: lifecycleAscends,
  },
  { name: "names", reads: ["project", "bucket_suffix"], judge: namesFit },
  { name: "long runs", reads: ["sources", "job_timeout_minutes"], judge: longRunsAreTold },
  ...SOURCE_RULES,
];

/** Every rule that the values break, in a stable order; empty when the environment is sound. */
export function brokenRules(subject: Subject): RuleFault[] {
  const pairs = judge(subject, [WORKER_PAIR]) ?? [];
  // A worker that does not exist has no capacity to judge: the one that is asked for has.
  const mended: Subject = { ...subject, given: { ...subject.given, ...pairs[0]?.ways[0] } };
  const others = judge(mended, OTHER_RULES) ?? [];
  const before = new Set(others.map(keyOf));
  return [
    ...pairs.map((problem) => inWords(problem, subject, before)),
    ...others.map((problem) => inWords(problem, mended, before)),
  ];
}

/** What tells one fault from another, whatever the numbers in it. */
export function keyOf({ rule, variable }: Pick<RuleFault, "rule" | "variable">): string {
  return `${rule} ${variable}`;
}

/** Problems of these rules; undefined where the schema does not take the values. */
function judge(
  { given, environment, faulty }: Subject,
  rules: readonly Rule[],
): Found[] | undefined {
  const { success, data } = variablesSchema.safeParse(given);
  if (!success) return undefined;
  const found = rules
    .filter(({ reads }) => !reads.some((name) => faulty?.has(name)))
    .flatMap(({ name, reads, judge: problems }) =>
      problems(data, environment).map((problem) => ({ ...problem, rule: name, reads })),
    );
  return together(found);
}

/** Where Spark does not fit, remedies of each of its problems alone would undo each other. */
function together(found: readonly Found[]): Found[] {
  const ofSpark = found.filter(({ rule }) => SPARK_RULES.some(({ name }) => name === rule));
  const fit = ofSpark.find(({ rule }) => rule === SPARK_FITS.name);
  if (!fit) return [...found];
  const parts = [fit, ...ofSpark.filter((problem) => problem !== fit)];
  const what = parts.map((problem) => problem.what).join("; besides, ");
  return [{ ...fit, what }, ...found.filter((problem) => !ofSpark.includes(problem))];
}

/** Ways are tried when they are asked for: most of the time it is enough that something is wrong. */
function inWords(problem: Found, subject: Subject, before: ReadonlySet<string>): RuleFault {
  const { rule, variable, reads, what, advice = "Correct them" } = problem;
  let ways: Change[] | undefined;
  const waysThatHold = () => {
    ways ??= problem.ways
      .map((way) => tried(way, problem, subject, before))
      .filter((way) => way !== undefined)
      .slice(0, WAYS_SHOWN);
    return ways;
  };
  return {
    rule,
    variable,
    reads,
    get ways() {
      return waysThatHold();
    },
    get message() {
      return `${what}. ${waysThatHold().length > 0 ? wayWords(waysThatHold()) : advice}`;
    },
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
  const after = judge(changed, [WORKER_PAIR, ...OTHER_RULES]) ?? [problem];
  return after.every((found) => keyOf(found) !== keyOf(problem) && before.has(keyOf(found)))
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

/** Minutes in which the age of a job is looked at for sure: two looks, each after five. */
const LOOKED_AT_MINUTES = 10;

/** A job that is cancelled first is never told of as long. */
function longRunsAreTold(input: RuleInput): Problem[] {
  const { sources, job_timeout_minutes: timeout } = input;
  const [longest] = Object.entries(sources)
    .map(([name, { expected_minutes: minutes = 0 }]) => ({ name, minutes }))
    .sort((a, b) => b.minutes - a.minutes);
  if (longest === undefined || longest.minutes === 0) return [];
  const least = longest.minutes + LOOKED_AT_MINUTES;
  if (timeout >= least) return [];
  return [
    {
      variable: "job_timeout_minutes",
      what: `a job is cancelled after job_timeout_minutes (${timeout}): for an alarm on one of ${longest.name} that runs longer than its expected_minutes (${longest.minutes}), ${LOOKED_AT_MINUTES} minutes more are needed`,
      ways: [{ job_timeout_minutes: least }],
      advice: `Lower expected_minutes of ${longest.name}`,
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
