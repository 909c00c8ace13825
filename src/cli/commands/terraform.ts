/** `lake plan|deploy|destroy|stop ENV`: what is planned is judged, then applied as it was planned. */
import { costOf } from "../../config/cost";
import type { GivenVariables } from "../../config/overrides";
import { Failure } from "../../local/failure";
import { type Scope, withScope } from "../../local/scope";
import { warnOfBudget, warnOfRegion } from "../cost";
import { requireAccount } from "../deploy/account";
import { deployedIn, RunningApplication, type StopOptions } from "../deploy/application";
import { requireApproval } from "../deploy/approval";
import { estimateWords } from "../deploy/estimate";
import { realLosses } from "../deploy/half-made";
import { type Loss, listed, losses, requireAllowed } from "../deploy/losses";
import { handedOn } from "../deploy/options";
import { changes, deployedResources, isApplyable, type Plan } from "../deploy/plan";
import { LakeStack } from "../deploy/stack";
import { warnOfNoReaders } from "../readers";
import { stateMachineArn } from "../state-machine";
import { findTarget, type Target } from "../target";
import { plural, say } from "../terminal";

/** What `plan`, `deploy` and `destroy` are given. */
export interface ChangeOptions {
  readonly given: GivenVariables;
  /** Addresses that the plan may replace or destroy. */
  readonly allowReplace: readonly string[];
  readonly wait: boolean;
  readonly autoApprove: boolean;
  /** Options of cdktf's own. */
  readonly rest: readonly string[];
}

/** Minutes beyond a job's own limit that a run in flight takes: its crawl, and its start. */
const BESIDE_JOB_MINUTES = 150;

/** Shows what deploying would change, and what it would lose. */
export async function plan(name: string, options: ChangeOptions): Promise<void> {
  await withScope(async (scope) => {
    const { target, planned } = await showPlan(name, options, scope);
    const found = (await realLosses(target, planned)).filter(
      ({ address }) => !options.allowReplace.includes(address),
    );
    if (found.length > 0) sayLosses(found);
    if (touchesApplication(planned))
      say(
        "The EMR application changes: deploy stops it first, and refuses while runs are in flight.",
      );
  });
}

/** Applies the plan, unless it loses what nobody has allowed; stops the application if it must. */
export async function deploy(name: string, options: ChangeOptions): Promise<void> {
  await withScope(async (scope) => {
    const { target, stack, planned } = await showPlan(name, options, scope);
    const real = await realLosses(target, planned);
    requireAllowed(losses(planned), options.allowReplace, real);
    if (isApplyable(planned))
      await change({ target, stack, planned, scope }, options, `Apply this to ${name}?`);
    await stack.writeOutputs();
  });
}

/** Takes the lake away, where its data may be lost. */
export async function destroy(name: string, options: ChangeOptions): Promise<void> {
  const handed = handedOn(options.rest);
  await withScope(async (scope) => {
    const target = await findTarget(name, options.given);
    requireNoRetention(target);
    await requireAccount(target);
    const stack = await LakeStack.of(target, scope, handed);
    const planned = await stack.plan("destroy");
    requireForceDestroy(name, planned);
    await stack.show();
    if (isApplyable(planned))
      await change(
        { target, stack, planned, scope },
        options,
        `Destroy all of ${name}, with its data?`,
      );
  });
}

/** Stops the application and waits for it. */
export async function stop(name: string, options: { readonly wait: boolean }): Promise<void> {
  await withScope(async (scope) => {
    const target = await findTarget(name);
    const account = await requireAccount(target);
    const applicationId = await RunningApplication.idOf(target);
    if (applicationId === undefined)
      throw new Failure(
        `There is no EMR application "${target.names.application.spark}": ${name} is not deployed. Deploy it with: npx lake deploy ${name}`,
      );
    const application = new RunningApplication(
      target,
      { applicationId, stateMachineArn: stateMachineArn(target, account), mappingId: undefined },
      scope,
    );
    await application.settle(stopOptions(target, options));
  });
}

/** Judges the options, the variables and the account, in this order; then plans, and shows it. */
async function showPlan(name: string, options: ChangeOptions, scope: Scope): Promise<Change> {
  const handed = handedOn(options.rest);
  const target = await findTarget(name, options.given);
  await requireAccount(target);
  const stack = await LakeStack.of(target, scope, handed);
  const planned = await stack.plan();
  await stack.show();
  sayCost(target, planned);
  warnOfNoReaders([target.environment]);
  return { target, stack, planned, scope };
}

/** What the change costs a month; and whether the budget covers it. */
function sayCost({ environment }: Target, planned: Plan): void {
  const words = estimateWords(planned, environment.name);
  if (words !== undefined) say(words);
  const estimate = costOf(environment);
  if (words !== undefined) warnOfRegion(estimate);
  warnOfBudget(estimate);
}

/** What is about to be applied, and where. */
interface Change {
  readonly target: Target;
  readonly stack: LakeStack;
  readonly planned: Plan;
  readonly scope: Scope;
}

/** Applies what was planned, once it is approved; with the application stopped where that matters. */
async function change(
  { target, stack, planned, scope }: Change,
  options: ChangeOptions,
  question: string,
): Promise<void> {
  const deployed = touchesApplication(planned) ? deployedIn(planned) : undefined;
  const application = deployed && new RunningApplication(target, deployed, scope);
  if (!options.wait) await application?.refuseRuns();
  await requireApproval(question, options.autoApprove, scope.signal);
  const apply = () => stack.apply();
  await (application ? application.whileStopped(stopOptions(target, options), apply) : apply());
}

/** A change in place or a removal: EMR Serverless takes neither while the application is started. */
function touchesApplication(planned: Plan): boolean {
  return changes(planned).some(
    ({ type, change: { actions } }) =>
      type === "aws_emrserverless_application" &&
      (actions.includes("update") || actions.includes("delete")),
  );
}

function sayLosses(found: readonly Loss[]): void {
  say(`This plan loses what cannot be made again:\n${listed(found)}`);
  say(`deploy needs: ${found.map(({ address }) => `--allow-replace ${address}`).join(" ")}`);
}

function requireNoRetention({ environment: { name, variables } }: Target): void {
  if (variables.retain_data)
    throw new Failure(
      `${name} has retain_data = true: its buckets and tables are not to be destroyed. Nothing was read or changed.\n${twoActs(name)}`,
    );
}

/** A bucket that was deployed to keep its objects ends a destroy half way. */
function requireForceDestroy(name: string, planned: Plan): void {
  const kept = deployedResources(planned).filter(
    ({ type, values }) => type === "aws_s3_bucket" && values.force_destroy !== true,
  );
  if (kept.length === 0) return;
  throw new Failure(
    `${plural(kept.length, "bucket")} of ${name} ${kept.length === 1 ? "is" : "are"} deployed with retain_data = true (${kept.map(({ address }) => address).join(", ")}). Nothing was changed.\n${twoActs(name)}`,
  );
}

function twoActs(name: string): string {
  return `Destroying data takes two acts:\n  1. set retain_data = false in env/${name}.tfvars, and npx lake deploy ${name}\n  2. npx lake destroy ${name}`;
}

function stopOptions({ environment }: Target, { wait }: { readonly wait: boolean }): StopOptions {
  return { wait, waitMinutes: environment.variables.job_timeout_minutes + BESIDE_JOB_MINUTES };
}
