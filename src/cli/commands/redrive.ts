/** `lake redrive ENV`: what ingestion gave up, shown and given another try. */
import { SQSClient } from "@aws-sdk/client-sqs";
import { Failure } from "../../local/failure";
import { type Scope, withScope } from "../../local/scope";
import { batchSteps, type FailedBatch, throwFailed } from "../backfill/batches";
import { Executions } from "../backfill/executions";
import { WaitingDays } from "../backfill/waiting";
import { batchesOf, isDate } from "../days";
import { requireAccount } from "../deploy/account";
import { requireApproval } from "../deploy/approval";
import {
  type DeadLetters,
  lookInto,
  queueUrl,
  type SentBack,
  sendBack,
} from "../redrive/dead-letters";
import { daysOf, type SourceDays } from "../redrive/stuck-days";
import { runSteps } from "../steps";
import { findTarget, type Target } from "../target";
import { plural, print, say } from "../terminal";
import { batchLake, MAX_BATCH_DAYS } from "./backfill";

/** How it was asked. */
export interface RedriveOptions {
  readonly dryRun: boolean;
  readonly autoApprove: boolean;
}

/** What ingestion gave up. */
interface GivenUp {
  readonly queues: readonly DeadLetters[];
  readonly sources: readonly SourceDays[];
}

/** Shows it, asks, and sends it on its way again. */
export async function redrive(name: string, options: RedriveOptions): Promise<void> {
  const target = await findTarget(name);
  await requireAccount(target);
  const since = new Date();
  const found = await givenUp(target);
  for (const line of linesOf(found)) print(line);
  const messages = found.queues.reduce((sum, one) => sum + one.messages - one.refused, 0);
  const known = found.sources.filter(({ source }) => isKnown(target, source));
  const days = known.reduce((sum, { toRun }) => sum + toRun.length, 0);
  for (const { source, toRun } of found.sources)
    if (toRun.length > 0 && !isKnown(target, source))
      say(
        `${source} is not in env/${name}.tfvars: its days are not run. Add it to sources, or delete the item pending#${source} of the table ${target.names.table.locks}.`,
      );
  for (const queue of found.queues) if (queue.refused > 0) say(refusedText(queue));
  if (messages === 0 && days === 0) return say("There is nothing to redrive.");
  if (options.dryRun) return say("Nothing was changed (--dry-run).");
  const question = `Send ${plural(messages, "message")} back to ${target.names.queue.ingest} and run ${plural(days, "day")} again?`;
  await withScope(async (scope) => {
    await requireApproval(question, options.autoApprove, scope.signal);
    await goAgain(target, found.queues, known, since, scope);
  });
}

/** What to do about messages that are not sent. */
function refusedText({ name, url, refused }: DeadLetters): string {
  return [
    `${plural(refused, "message")} in ${name} ${refused === 1 ? "is" : "are"} no event of S3 or of a run: the trigger would refuse ${refused === 1 ? "it" : "them"} again, so ${refused === 1 ? "it stays" : "they stay"} there, 14 days from arrival.`,
    `To drop everything that is left in the queue: aws sqs purge-queue --queue-url ${url}`,
  ].join("\n");
}

function sentText({ sent, refused, others }: SentBack): string {
  return [
    `${plural(sent, "message")} sent`,
    ...(refused > 0
      ? [`${refused} left that ${refused === 1 ? "is no event" : "are no events"}`]
      : []),
    ...(others > 0 ? [`about ${others} left that came since or that another reader holds`] : []),
  ].join(", ");
}

function ignore(): void {}

async function givenUp(target: Target): Promise<GivenUp> {
  const { ingestDlq, eventsDlq } = target.names.queue;
  const sqs = new SQSClient(target.client);
  const executions = await Executions.create(target);
  const items = await new WaitingDays(target).all();
  return {
    queues: await Promise.all([ingestDlq, eventsDlq].map((queue) => lookInto(sqs, queue))),
    sources: await Promise.all(
      items.map((item) =>
        daysOf(item, async (execution) => (await executions.status(execution)) === "RUNNING"),
      ),
    ),
  };
}

function linesOf({ queues, sources }: GivenUp): string[] {
  const queueLines = queues.flatMap(({ name, url, messages, samples }) => {
    const state =
      url === undefined ? "not deployed" : messages === 0 ? "empty" : plural(messages, "message");
    const more = messages - samples.length;
    return [
      `${name}: ${state}`,
      ...samples.map((sample) => `  ${sample}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ];
  });
  return [...queueLines, ...sources.flatMap(({ lines }) => lines)];
}

function isKnown({ environment }: Target, source: string): boolean {
  return Object.hasOwn(environment.variables.sources, source);
}

async function goAgain(
  target: Target,
  queues: readonly DeadLetters[],
  sources: readonly SourceDays[],
  since: Date,
  scope: Scope,
): Promise<void> {
  const sqs = new SQSClient(target.client);
  const ingest = target.names.queue.ingest;
  const to = await queueUrl(sqs, ingest);
  if (to === undefined)
    throw new Failure(
      `There is no queue ${ingest} to send messages to. Deploy the lake: npx lake deploy ${target.environment.name}`,
    );
  const progress = new Map<string, number>();
  const sends = queues
    .filter(({ messages, refused }) => messages > refused)
    .map(({ name, url = "" }) => ({
      title: `Send back what is in ${name}`,
      run: async (step: { result(text: string): void }) => {
        const told = (sent: number) => progress.set(name, sent);
        const work = sendBack(sqs, {
          ...{ from: url, to, since, signal: scope.signal, progress: told },
        });
        // An interrupted one ends with the messages it has in its hands, and puts back the rest.
        scope.defer(() => work.then(ignore, ignore));
        step.result(sentText(await work));
      },
    }));
  const batches = sources.flatMap(({ source, toRun }) =>
    batchesOf(toRun.filter(isDate), MAX_BATCH_DAYS).map((days) => ({ source, days })),
  );
  const failed: FailedBatch[] = [];
  const lake = await batchLake(target, scope.signal, "redrive");
  scope.defer(() => {
    if (!scope.signal.aborted) return;
    for (const [name, sent] of progress)
      say(`${plural(sent, "message")} of ${name} sent back; what is left is still there.`);
    say(`Go on with: npx lake redrive ${target.environment.name}`);
  });
  // First the days: runs that the messages start would take them too, and they would be run twice.
  await runSteps([...batchSteps(batches, lake, failed), ...sends], scope);
  throwFailed(
    failed,
    batches,
    `Mend the cause and give the same command again: days that fail stay marked as failed. A batch fails whole; to find the day that is at fault: npx lake run ${target.environment.name} --source SOURCE --from DAY --to DAY --batch-days 1`,
  );
}
