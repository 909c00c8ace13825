import { expect, test } from "vitest";
import { Deployment } from "../../src/cli/deployment";
import type { StepReport } from "../../src/cli/steps";
import { NO_PROGRESS, type TerraformProgress } from "../../src/local/terraform-progress";

const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.landing";
const MAKING: TerraformProgress = {
  ...NO_PROGRESS,
  planned: 2,
  done: 0,
  underway: ["aws_sqs_queue.ingest", LIFECYCLE],
};
const CONFIRMING: TerraformProgress = { ...MAKING, done: 1, underway: [LIFECYCLE] };
const DONE: TerraformProgress = { ...MAKING, done: 2, underway: [] };

/** A deployment that goes on as the test says, and a step that keeps what it is told. */
function underway() {
  let tell = (_: TerraformProgress): void => {};
  let end = (_: number): void => {};
  let fail = (_: Error): void => {};
  const deployment = new Deployment((told) => {
    tell = told;
    return new Promise((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
  });
  const said: string[] = [];
  const results: string[] = [];
  const step: StepReport = {
    now: (text) => said.push(text),
    note: (text) => said.push(text),
    result: (text) => results.push(text),
  };
  return { deployment, step, said, results, tell, end, fail };
}

test("is usable while Terraform waits for confirmations, and ends when it ends", async () => {
  const { deployment, step, said, results, tell, end } = underway();
  const usable = deployment.whenUsable(step);
  tell(MAKING);
  tell(CONFIRMING);
  await usable;
  expect(results).toEqual(["1 of 2 resources confirmed"]);

  const before = [...said];
  tell(DONE);
  expect(said, "a step that has ended says no more").toEqual(before);

  const ended = deployment.whenEnded(step);
  end(2);
  expect(await ended).toBe(2);
  expect(said.at(-1)).toBe("2 of 2 resources");
});

test("what fails before it can be used fails the step that waits for it", async () => {
  const { deployment, step, tell, fail } = underway();
  const usable = deployment.whenUsable(step);
  tell(MAKING);
  fail(new Error("BucketAlreadyExists"));
  await expect(usable).rejects.toThrow("BucketAlreadyExists");
});

test("what fails after that fails whoever waits for its end, however much later", async () => {
  const { deployment, step, tell, fail } = underway();
  const usable = deployment.whenUsable(step);
  tell(CONFIRMING);
  await usable;
  fail(new Error("the lifecycle never came"));
  await new Promise((resolve) => setImmediate(resolve));
  await expect(deployment.whenEnded(step)).rejects.toThrow("the lifecycle never came");
});
