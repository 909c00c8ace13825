/** Makes every alarm of a deployed lake fire and recover, and reads what that told whom. */
import { setTimeout as delay } from "node:timers/promises";
import type { DeployedLake } from "../e2e/support/deployed-lake";
import { eventually } from "../e2e/support/pipeline";
import { actionsOf } from "./actions";
import { type Commands, commandsOf } from "./commands";
import {
  type Deployed,
  type DeployedAlarm,
  type DeployedNotification,
  deployedIn,
} from "./deployed-alarms";
import { LAPSE_SECONDS, MINUTE_SECONDS, phasesOf, type Step, unmatched } from "./steps";
import { alarmMessage, type Watch, watchOf } from "./watch";

/** A span of time in both clocks. */
export interface Span {
  /** CloudWatch's. */
  readonly minutes: number;
  /** Real ones. */
  readonly seconds: number;
}

/** One alarm, or one notification of the budget, that was made to fire. */
export interface Driven {
  readonly alarm: string;
  readonly by: string;
  /** Since its cause. */
  readonly firedAfter: Span;
  /** Since its cause was mended, or where that is over by itself since it fired. */
  readonly recoveredAfter: Span | undefined;
}

export interface Outcome {
  readonly driven: readonly Driven[];
  /** What is wrong, in sentences; none where every alarm did what it should. */
  readonly faults: readonly string[];
}

/** By `expected_minutes` of the source: a job that takes longer is long, however good it is. */
const EXPECTED_SECONDS = 60;

/** CloudWatch minutes in which what a good run sets off late is waited for. */
const AFTERMATH_MINUTES = 5;

interface Fired {
  readonly alarm: DeployedAlarm;
  readonly by: string;
  readonly causedAt: Date;
  readonly firedAt: Date;
  readonly mendedAt: Date;
}

/**
 * Drives them all, by one source that has every expectation.
 * @param say hears what is being done
 */
export async function drive(
  lake: DeployedLake,
  source: string,
  say: (line: string) => void,
): Promise<Outcome> {
  const [deployed, watch] = [await deployedIn(lake, "local"), await watchOf(lake)];
  const [commands, actions] = [commandsOf(lake.endpoint), actionsOf(lake, source)];
  const byId = new Map(deployed.alarms.map((alarm) => [alarm.id, alarm]));
  let lastRows = new Date();
  const phases = phasesOf({ lake, source, actions, commands, lastRows: () => lastRows });
  const faults = unmatched([...byId.keys()], phases.flat(2));
  if (faults.length > 0) return { driven: [], faults };

  say("a good run, after which all are to be silent");
  faults.push(
    ...(await leavesAllSilent(deployed.alarms, watch, commands, async () => {
      const run = await actions.ingest(10, 0);
      lastRows = new Date();
      const isLong = (await actions.firstJobSeconds()) >= EXPECTED_SECONDS;
      return { status: run.status, late: isLong ? [`long_run_${source}`] : [] };
    })),
  );

  const notified = await notify(deployed.notifications, watch, commands);
  const fired: Fired[] = [];
  const runStep = async (step: Step) => {
    const alarms = step.alarms.map((id) => byId.get(id) as DeployedAlarm);
    await Promise.all(alarms.map(({ name }) => watch.isIn(name, "OK")));
    say(`${step.alarms.join(", ")}: ${step.by}`);
    const causedAt = step.since?.() ?? new Date();
    const begun = new Date();
    await step.bring();
    const firing = Promise.all(alarms.map(({ name }) => watch.goes(name, "ALARM", begun)));
    const [times] = await Promise.all([firing, repeated(step, firing)]);
    const mendedAt = step.mend && new Date();
    await step.mend?.();
    alarms.forEach((alarm, index) => {
      const firedAt = times[index] as Date;
      fired.push({ alarm, by: step.by, causedAt, firedAt, mendedAt: mendedAt ?? firedAt });
    });
  };
  for (const phase of phases)
    await Promise.all(
      phase.map(async (lane) => {
        for (const step of lane) await runStep(step);
      }),
    );

  say("waiting for all to recover");
  await commands.lapse(LAPSE_SECONDS);
  const driven = await Promise.all(
    fired.map(async (one) => {
      const okAt = await watch.goes(one.alarm.name, "OK", one.firedAt);
      return { ...one, okAt };
    }),
  );
  await Promise.all(deployed.alarms.map(({ name }) => watch.isIn(name, "OK")));
  await commands.lapse(MINUTE_SECONDS);
  faults.push(...(await untold(deployed, watch)));
  const minutes = await commands.minutes();
  const span = (from: Date, to: Date): Span => ({
    minutes: Math.max(0, minutes(to) - minutes(from)),
    seconds: Math.max(0, to.getTime() - from.getTime()) / 1000,
  });
  return {
    driven: [
      ...driven.map(({ alarm, by, causedAt, firedAt, mendedAt, okAt }) => ({
        alarm: alarm.id,
        by,
        firedAfter: span(causedAt, firedAt),
        recoveredAfter: span(mendedAt < okAt ? mendedAt : firedAt, okAt),
      })),
      ...notified.map(({ notification: { kind, thresholdUsd }, sentAt, beganAt }) => ({
        alarm: `budget ${kind} > ${thresholdUsd} USD`,
        by: "spend beyond it, and below again",
        firedAfter: span(beganAt, sentAt),
        recoveredAfter: undefined,
      })),
    ],
    faults,
  };
}

/** Brings the step's cause about again, each CloudWatch minute, until its alarms have fired. */
async function repeated({ again }: Step, firing: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = firing
    .catch(() => {})
    .then(() => {
      isOver = true;
    });
  while (again && !isOver) {
    await Promise.race([over, delay(MINUTE_SECONDS * 1000)]);
    if (!isOver) await again();
  }
}

/**
 * What fires though all is well. Without rows yet, freshness does until the run has written some;
 * and of a run that is `late`, as it may be on a busy machine, its alarm says the truth.
 */
async function leavesAllSilent(
  alarms: readonly DeployedAlarm[],
  watch: Watch,
  commands: Commands,
  run: () => Promise<{ status: string; late: readonly string[] }>,
): Promise<string[]> {
  const begun = new Date();
  const { status, late } = await run();
  await minutesGoBy(commands, AFTERMATH_MINUTES);
  await Promise.all(alarms.map(({ name }) => watch.isIn(name, "OK")));
  const faults = status === "SUCCEEDED" ? [] : [`a good run ended ${status}`];
  for (const { id, name } of alarms) {
    const fired = (await watch.transitions(name)).filter(({ to }) => to === "ALARM");
    const silent = id.startsWith("freshness_") ? fired.every(({ at }) => at < begun) : !fired[0];
    if (!silent && !late.includes(id)) faults.push(`${id}: fired in a good run`);
  }
  return faults;
}

/** Resolves when so many more CloudWatch minutes have gone, at the length that they have. */
async function minutesGoBy(commands: Commands, count: number): Promise<void> {
  const begun = new Date();
  await eventually(`${count} CloudWatch minutes to go by`, async () => {
    const minutes = await commands.minutes();
    return minutes(new Date()) - minutes(begun) >= count ? true : undefined;
  });
}

/** Crosses each notification's threshold alone, lowest first; twice, for one that comes once only. */
async function notify(
  notifications: readonly DeployedNotification[],
  watch: Watch,
  commands: Commands,
) {
  const sent = [];
  for (const notification of notifications.toSorted((a, b) => a.thresholdUsd - b.thresholdUsd)) {
    const { kind, thresholdUsd } = notification;
    const amount = kind === "ACTUAL" ? "actual" : "forecast";
    const text = `Alert Type: ${kind}\nAlert Threshold: > $${thresholdUsd.toFixed(2)}\n`;
    const count = async () =>
      (await watch.messages()).filter((message) => message.text.includes(text)).length;
    for (const times of [1, 2]) {
      await commands.spend({ [amount]: thresholdUsd });
      const beganAt = new Date();
      await commands.spend({ [amount]: thresholdUsd + 0.01 });
      await commands.spend({ [amount]: thresholdUsd + 0.02 });
      await eventually(`the budget to tell of ${kind} ${thresholdUsd} USD`, async () =>
        (await count()) === times ? true : undefined,
      );
      if (times === 1) sent.push({ notification, beganAt, sentAt: new Date() });
      await commands.spend({ [amount]: 0 });
    }
  }
  return sent;
}

/** Changes of a state that the topic was not told of, or not as the alarm says. */
async function untold({ alarms }: Deployed, watch: Watch): Promise<string[]> {
  const messages = (await watch.messages()).flatMap((message) => alarmMessage(message) ?? []);
  const faults: string[] = [];
  for (const { id, name, description, tellsEnd } of alarms) {
    const own = messages.filter(({ AlarmName }) => AlarmName === name);
    const changes = (await watch.transitions(name)).filter(({ at }) => at > watch.since);
    for (const [state, isTold] of [
      ["ALARM", true],
      ["OK", tellsEnd],
    ] as const) {
      const expected = isTold ? changes.filter(({ to }) => to === state).length : 0;
      const found = own.filter(({ NewStateValue }) => NewStateValue === state).length;
      if (found !== expected)
        faults.push(`${id}: expected ${expected} messages of ${state}, found ${found}`);
    }
    if (own.some(({ AlarmDescription }) => AlarmDescription !== description))
      faults.push(`${id}: a message has not its description`);
  }
  return faults;
}
