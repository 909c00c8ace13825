/** Executions that a person starts: for days of a source, whatever has landed. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { ZONE_PREFIX } from "../../naming";
import { dayFolder } from "../days";
import { stateMachineArn } from "../state-machine";
import type { Target } from "../target";

/** Characters of an execution's name at most (Step Functions StartExecution). */
const MAX_NAME = 80;

/** `backfill-<source>-<first day>-<UTC time>`; a long source is cut, the rest tells runs apart. */
export function runName(verb: string, source: string, day: string, now: Date): string {
  const compact = (text: string) => text.replaceAll(/[-:]/g, "");
  const end = `-${compact(day)}-${compact(now.toISOString()).replace(".", "")}`;
  return `${`${verb}-${source}`.slice(0, MAX_NAME - end.length)}${end}`;
}

/** Input of the template's shape, with the days beside it. The key is the first day's folder. */
export function runInput(bucket: string, source: string, days: readonly string[]) {
  const key = `${ZONE_PREFIX.raw}${source}/${dayFolder(days[0] ?? "")}/`;
  return {
    detail: { bucket: { name: bucket }, object: { key } },
    batch: { source, partitions: [...days] },
  };
}

/** An execution that was asked for. */
export interface Started {
  readonly arn: string;
  /** It was there, and has ended since. */
  readonly hasEnded: boolean;
}

/** Starts executions of an environment's state machine, and asks after them. */
export class Executions {
  private readonly sfn: SFNClient;
  private constructor(
    private readonly target: Target,
    private readonly machineArn: string,
  ) {
    this.sfn = new SFNClient(target.client);
  }

  static async create(target: Target): Promise<Executions> {
    return new Executions(target, await stateMachineArn(target));
  }

  /** Starts it, unless there was one of that name, which has ended. */
  async start(name: string, source: string, days: readonly string[]): Promise<Started> {
    const input = runInput(this.target.names.bucket.landing, source, days);
    try {
      await this.sfn.send(
        new StartExecutionCommand({
          stateMachineArn: this.machineArn,
          name,
          input: JSON.stringify(input),
        }),
      );
    } catch (error) {
      // Where it still runs, AWS answers the same name and input as if it had started it now.
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
      return { arn: this.arnOf(name), hasEnded: true };
    }
    return { arn: this.arnOf(name), hasEnded: false };
  }

  /** Whether an execution runs, by its name or ARN. */
  async isRunning(execution: string): Promise<boolean> {
    try {
      const { status } = await this.sfn.send(
        new DescribeExecutionCommand({ executionArn: this.arnOf(execution) }),
      );
      return status === "RUNNING";
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return false;
      throw error;
    }
  }

  private arnOf(execution: string): string {
    if (execution.startsWith("arn:")) return execution;
    return `${this.machineArn.replace(":stateMachine:", ":execution:")}:${execution}`;
  }
}
