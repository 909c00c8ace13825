/** A walk over a state machine: finds what asl-validator 4 does not look for. */

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Resource?: string;
  readonly Choices?: readonly { readonly Next?: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
}

export interface StateMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** Service integrations that exist, spelt as AWS spells them. */
const INTEGRATIONS = [
  "arn:aws:states:::emr-serverless:startJobRun.sync",
  "arn:aws:states:::dynamodb:getItem",
  "arn:aws:states:::dynamodb:updateItem",
  "arn:aws:states:::aws-sdk:emrserverless:listJobRuns",
  "arn:aws:states:::aws-sdk:sfn:describeExecution",
  "arn:aws:states:::aws-sdk:sfn:startExecution",
  "arn:aws:states:::aws-sdk:glue:startCrawler",
  "arn:aws:states:::aws-sdk:glue:getCrawler",
  "arn:aws:states:::sns:publish",
];
const LAMBDA = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+$/;

/** What is wrong with a definition, one sentence each; empty when it is sound. */
export function faultsOf(machine: StateMachine): string[] {
  return [
    ...danglingReferences(machine),
    ...unreachableStates(machine),
    ...statesWithoutAnEnd(machine),
    ...unguardedTasks(machine),
    ...misplacedCatchAlls(machine),
    ...unknownResources(machine),
    ...silentFailures(machine),
  ];
}

/** Where an execution may go next when all is well, and when something fails. */
export function nextOf(state: State): { well: string[]; failed: string[] } {
  const well = [state.Next, state.Default, ...(state.Choices ?? []).map(({ Next }) => Next)];
  return {
    well: well.filter((name) => name !== undefined),
    failed: (state.Catch ?? []).map(({ Next }) => Next),
  };
}

const successors = (state: State | undefined) =>
  state === undefined ? [] : [...nextOf(state).well, ...nextOf(state).failed];

/** States that an execution can come to from these, themselves included. */
function reachable({ States }: StateMachine, from: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...successors(States[name]));
  }
  return seen;
}

const entries = ({ States }: StateMachine) => Object.entries(States);
const tasks = (machine: StateMachine) => entries(machine).filter(([, s]) => s.Type === "Task");

function danglingReferences(machine: StateMachine): string[] {
  const start = machine.States[machine.StartAt]
    ? []
    : [`StartAt names no state: ${machine.StartAt}`];
  return [
    ...start,
    ...entries(machine).flatMap(([name, state]) =>
      successors(state)
        .filter((next) => machine.States[next] === undefined)
        .map((next) => `${name} leads to no state: ${next}`),
    ),
  ];
}

function unreachableStates(machine: StateMachine): string[] {
  const seen = reachable(machine, [machine.StartAt]);
  return Object.keys(machine.States)
    .filter((name) => !seen.has(name))
    .map((name) => `${name} is never reached`);
}

function isEnd(state: State | undefined): boolean {
  return state?.End === true || state?.Type === "Succeed" || state?.Type === "Fail";
}

function statesWithoutAnEnd(machine: StateMachine): string[] {
  return Object.keys(machine.States)
    .filter((name) => ![...reachable(machine, [name])].some((end) => isEnd(machine.States[end])))
    .map((name) => `${name} never comes to an end`);
}

function unguardedTasks(machine: StateMachine): string[] {
  return tasks(machine).flatMap(([name, state]) => [
    ...(state.Retry?.length ? [] : [`${name} has no Retry`]),
    ...(state.Catch?.some(({ ErrorEquals }) => ErrorEquals.includes("States.ALL"))
      ? []
      : [`${name} has no Catch for States.ALL`]),
  ]);
}

/** `States.ALL` must stand alone in the last place; Step Functions refuses it elsewhere. */
function misplacedCatchAlls(machine: StateMachine): string[] {
  return entries(machine).flatMap(([name, state]) =>
    (["Retry", "Catch"] as const).flatMap((field) =>
      (state[field] ?? []).flatMap(({ ErrorEquals }, index, all) =>
        ErrorEquals.includes("States.ALL") && (ErrorEquals.length > 1 || index < all.length - 1)
          ? [`${name} has States.ALL in ${field} where it is not alone and last`]
          : [],
      ),
    ),
  );
}

function unknownResources(machine: StateMachine): string[] {
  return tasks(machine)
    .filter(([, { Resource = "" }]) => !INTEGRATIONS.includes(Resource) && !LAMBDA.test(Resource))
    .map(([name, { Resource }]) => `${name} calls what AWS does not have: ${Resource}`);
}

/** What a run may go on without: whoever waits for what it holds puts it out once it has ended. */
const isRelease = (name: string) => name.startsWith("Release");

/**
 * From where any failure is caught, every way must publish before it ends, and end in Fail. An
 * error that is caught by its name is part of the plan.
 */
function silentFailures(machine: StateMachine): string[] {
  const publishes = (name: string) => machine.States[name]?.Resource?.endsWith(":sns:publish");
  return tasks(machine)
    .filter(([name]) => !publishes(name) && !isRelease(name))
    .flatMap(([name, { Catch = [] }]) =>
      Catch.filter(({ ErrorEquals }) =>
        ErrorEquals.some((error) => error.startsWith("States.")),
      ).flatMap((all) => {
        const caught = all.Next;
        const before = untilPublished(machine, caught, publishes);
        const ends = [...reachable(machine, [caught])].filter((end) => isEnd(machine.States[end]));
        return [
          ...(before.some((end) => isEnd(machine.States[end]))
            ? [`${name} fails without a word: ${caught} ends before anything is published`]
            : []),
          ...(ends.every((end) => machine.States[end]?.Type === "Fail")
            ? []
            : [`${name} fails, yet the execution may succeed from ${caught}`]),
        ];
      }),
    );
}

/** States that are passed before one that publishes. */
function untilPublished(
  machine: StateMachine,
  from: string,
  publishes: (name: string) => boolean | undefined,
): string[] {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name) || publishes(name)) continue;
    seen.add(name);
    open.push(...successors(machine.States[name]));
  }
  return [...seen];
}
