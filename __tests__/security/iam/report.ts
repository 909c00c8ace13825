/** What recorded calls and policies come to, in every environment: for tests, and to be printed. */
import type { Synthesized } from "../../support/synth";
import { isAllowed } from "./astray";
import { Authority } from "./authority";
import type { Call } from "./calls";
import { type Forbidden, forbiddenCalls } from "./forbidden";
import {
  describeGrant,
  type Grant,
  grantsOf,
  listedCases,
  reviewUnused,
  type UnusedGrant,
  unused,
} from "./grants";
import { casesOf, describeRefusal, impliedBy, type Origin, refusals } from "./judge";
import { mutate, type Outcome, type Rules, shares } from "./mutations";
import { deployedOf, type Recording, representatives } from "./recording";
import { type ResolvedStack, resolveStack } from "./resolve";
import { Symbols } from "./symbols";
import { tableProblems, type Wildcard, wildcards } from "./wildcards";

/** One environment's policies, judged. */
export interface StackReport {
  readonly stack: string;
  /** Calls that it must allow, by where they are known from. */
  readonly allowed: Readonly<Partial<Record<Origin, number>>>;
  /** Calls that it must allow and does not, a line each. */
  readonly refused: readonly string[];
  /** Number of calls that it must refuse, and does. */
  readonly kept: number;
  /** Calls that it must refuse and does not, a line each. */
  readonly letIn: readonly string[];
  readonly unused: readonly Grant[];
  readonly wildcards: readonly Wildcard[];
  /** What AWS's table of actions says against its statements, a line each. */
  readonly problems: readonly string[];
  readonly mutants: readonly Outcome[];
}

/** The calls of all recordings, by symbols, one for each way that a grant was used. */
export interface Recorded {
  readonly calls: readonly Call[];
  /** Distinct calls before that. */
  readonly distinct: number;
  /** Calls that the lake which made them does not allow, or of a role that no stack has. */
  readonly refused: readonly string[];
}

/** Judges each recording by the stacks that were deployed, and keeps what it says of any lake. */
export function readRecorded(recordings: readonly Recording[]): Recorded {
  const kept = new Map<string, Call>();
  const refused: string[] = [];
  let distinct = 0;
  for (const recording of recordings) {
    const { deployed, strays } = deployedOf(recording);
    refused.push(...strays.map(({ role, action }) => `${action} of ${role}, a role of no stack`));
    for (const { name, stack, calls } of deployed) {
      distinct += calls.length;
      const cases = casesOf(stack, calls).filter(({ origin }) => /recorded|implied/.test(origin));
      refused.push(...refusals(stack, cases).map((one) => `${name}: ${describeRefusal(one)}`));
      const symbols = new Symbols(stack);
      for (const [way, call] of representatives(stack, calls)) {
        const id = symbols.text(way);
        const before = kept.get(id) ?? { ...symbols.of(call), count: 0 };
        kept.set(id, { ...before, count: before.count + call.count });
      }
    }
  }
  return { calls: [...kept.values()], distinct, refused };
}

/**
 * Judges one stack by calls with symbols.
 * @param list the unused grants that are known of
 * @param rules look at what no call notices of a mutant
 */
export async function judgeStack(
  name: string,
  synthesized: Synthesized,
  recorded: readonly Call[],
  list: readonly UnusedGrant[],
  rules?: Rules,
): Promise<StackReport> {
  const stack = resolveStack(synthesized);
  const called = casesOf(stack, callsIn(stack, recorded));
  const grants = await grantsOf(stack);
  const { explained } = reviewUnused(unused(grants, called), list);
  const listed = listedCases(stack, explained);
  const cases = [...called, ...listed, ...impliedBy(stack, listed)];
  const refused = refusals(stack, cases);
  const forbidden = forbiddenCalls(stack, cases);
  const authority = new Authority(stack);
  const letIn = forbidden.filter((one) => isAllowed(authority, one));
  const table = await tableProblems(stack);
  const allowed: Partial<Record<Origin, number>> = {};
  for (const { origin } of cases) allowed[origin] = (allowed[origin] ?? 0) + 1;
  for (const one of refused) allowed[one.case.origin] = (allowed[one.case.origin] ?? 0) - 1;
  const refusedCases = new Set(refused.map((one) => one.case));
  return {
    stack: name,
    allowed,
    refused: refused.map(describeRefusal),
    kept: forbidden.length - letIn.length,
    letIn: [...new Set(letIn.map(describeForbidden))],
    unused: unused(
      grants,
      cases.filter(({ origin }) => origin !== "listed"),
    ),
    wildcards: (await wildcards(stack)).wildcards,
    problems: table.map(({ where, problem }) => `${where}: ${problem}`),
    mutants: mutate(
      stack,
      cases.filter((one) => !refusedCases.has(one)),
      rules,
    ),
  };
}

/** Calls that only something makes which not every stack has: by role and action, its address. */
const MADE_BY: Readonly<Record<string, readonly [type: string, name: string]>> = {
  // The metrics function looks at the jobs that run only where it is called by the clock.
  "metrics emr-serverless:ListJobRuns": ["aws_cloudwatch_event_rule", "metrics_schedule"],
};

/** Calls with symbols as they would be in a stack; those about what it has not are left out. */
function callsIn(stack: ResolvedStack, recorded: readonly Call[]): Call[] {
  const symbols = new Symbols(stack);
  const isMade = ({ role, action }: Call) => {
    const [, actor] = /aws_iam_role\.(\w+)/.exec(role) ?? [];
    const [type, name] = MADE_BY[`${actor} ${action}`] ?? [];
    return type === undefined || stack.configuration.resource?.[type]?.[name ?? ""] !== undefined;
  };
  const found = recorded.filter(isMade).map((call) => ({ call, here: symbols.resolve(call) }));
  // Glue asks for catalog, database and table at once: without the table it asks for none.
  const tables = found.filter(({ call }) => isOnTable(call));
  const isAsked = ({ role, action }: Call) => {
    const same = tables.filter(({ call }) => call.role === role && call.action === action);
    return same.length === 0 || same.some(({ here }) => here !== undefined);
  };
  return found.flatMap(({ call, here }) => (here !== undefined && isAsked(call) ? [here] : []));
}

function isOnTable({ resource }: Call): boolean {
  return /^arn:[^:]*:glue:.*:table\//.test(resource);
}

function describeForbidden({ request, what }: Forbidden): string {
  return `${what}: ${request.principal} may ${request.action} on ${request.resource}`;
}

/** All that is wrong, a line each, with the stack; none where all is well. */
export function faultsOf(
  recorded: Recorded,
  reports: readonly StackReport[],
  list: readonly UnusedGrant[],
): string[] {
  const of = (what: string, lines: (report: StackReport) => readonly string[]) =>
    reports.flatMap((report) => lines(report).map((line) => `${report.stack}: ${what}: ${line}`));
  const stale = reviewUnused(
    reports.flatMap((report) => report.unused),
    list,
  ).stale;
  return [
    ...recorded.refused.map((line) => `recorded: refused: ${line}`),
    ...of("refused", ({ refused }) => refused),
    ...of("let in", ({ letIn }) => letIn),
    ...of("granted but unused", (report) =>
      reviewUnused(report.unused, list).unexplained.map(describeGrant),
    ),
    ...of("wildcard without a reason", (report) =>
      report.wildcards
        .filter(({ reason }) => reason === undefined)
        .map(({ where, action }) => `${where}: ${action}`),
    ),
    ...of("AWS's table", ({ problems }) => problems),
    ...of("not noticed", ({ mutants }) =>
      mutants.filter(({ noticed }) => !noticed).map(({ mutant }) => mutant),
    ),
    ...stale.map(
      ({ policy, statement, action, resource = "*" }) =>
        `unused-grants.ts: ${policy} ${statement}: ${action} on ${resource} is stale: it is used, gone, or has no reason`,
    ),
  ];
}

/** The figures, a line each. */
export function figuresOf(
  recorded: Recorded,
  reports: readonly StackReport[],
  list: readonly UnusedGrant[],
): string[] {
  const explained = new Map<string, string>();
  for (const report of reports)
    for (const { policy, statement, action, reason } of reviewUnused(report.unused, list).explained)
      explained.set(`${policy} ${statement}: ${action}`, reason);
  const idle = reports.reduce(
    (sum, { unused }) => sum + reviewUnused(unused, list).unexplained.length,
    0,
  );
  const starred = new Map<string, Set<string>>();
  for (const { where, action, reason } of reports.flatMap((report) => report.wildcards)) {
    const line = `${where}: ${reason ?? "no reason"}`;
    starred.set(line, (starred.get(line) ?? new Set()).add(action));
  }
  const { all, ...parts } = shares(reports.flatMap((report) => report.mutants));
  const share = ({ noticed, of }: { noticed: number; of: number }) =>
    `${noticed} of ${of}${of > 0 ? ` (${Math.floor((100 * noticed) / of)} %)` : ""}`;
  return [
    `API calls recorded ${recorded.distinct}, refused ${recorded.refused.length}; ${recorded.calls.length} kinds of them judged in ${reports.length} stacks`,
    ...reports.map(({ stack, allowed, refused, kept, letIn }) => {
      const counts = Object.entries(allowed).map(([origin, count]) => `${origin} ${count}`);
      return `  ${stack}: allowed ${counts.join(", ")}; refused ${refused.length}; kept out ${kept}, let in ${letIn.length}`;
    }),
    `Granted but unused ${idle}, and ${explained.size} with a reason`,
    ...[...explained].sort().map(([grant, reason]) => `  ${grant}: ${reason}`),
    `Statements with a wildcard, each with its reason: ${starred.size}`,
    ...[...starred].map(([line, actions]) => `  ${line} (${[...actions].join(", ")})`).sort(),
    `Mutants noticed: ${share(all ?? { noticed: 0, of: 0 })}`,
    ...Object.entries(parts).map(([part, count]) => `  each ${part} removed: ${share(count)}`),
  ];
}
