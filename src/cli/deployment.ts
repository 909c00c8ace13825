/** A deploy whose result is used before Terraform has ended. */
import {
  describe,
  isUsable,
  NO_PROGRESS,
  type TerraformProgress,
} from "../local/terraform-progress";
import type { StepReport } from "./step";
import { plural } from "./terminal";

/** Deploys, tells how far it is, and resolves with the number of resources made. */
export type Deploy = (tell: (progress: TerraformProgress) => void) => Promise<number>;

/** Terraform at work on one stack, from the constructor on. */
export class Deployment {
  /** Number of resources made. Rejects with a Failure; whoever starts a deployment awaits it. */
  private readonly ended: Promise<number>;
  /** When nothing is left to make; Terraform may still wait for AWS to confirm. */
  private readonly usable: Promise<void>;
  private progress: TerraformProgress = NO_PROGRESS;
  private told: ((progress: TerraformProgress) => void) | undefined;

  constructor(deploy: Deploy) {
    let use = () => {};
    this.usable = new Promise((resolve) => {
      use = resolve;
    });
    this.ended = deploy((progress) => {
      this.progress = progress;
      this.told?.(progress);
      if (isUsable(progress)) use();
    });
  }

  /** Shows how far it is until it can be used. @throws Failure where it fails before that */
  async whenUsable(step: StepReport): Promise<void> {
    await this.showing(step, Promise.race([this.usable, this.ended]));
    const { done, planned } = this.progress;
    step.result(
      done === planned ? plural(done, "resource") : `${done} of ${planned} resources confirmed`,
    );
  }

  /** Shows how far it is until Terraform has ended; resolves with the number of resources. */
  async whenEnded(step: StepReport): Promise<number> {
    return this.showing(step, this.ended);
  }

  private async showing<T>(step: StepReport, until: Promise<T>): Promise<T> {
    this.told = (progress) => step.now(describe(progress));
    this.told(this.progress);
    try {
      return await until;
    } finally {
      this.told = undefined;
    }
  }
}
