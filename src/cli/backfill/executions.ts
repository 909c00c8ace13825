/** Executions that a person starts: for days of a source, whatever has landed. */
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { ZONE_PREFIX } from "../../naming";
import { dayFolder } from "../days";
import { accountOf, stateMachineArn } from "../state-machine";
import type { Target } from "../target";

/** Characters of an execution's name at most (Step Functions StartExecution). */
const MAX_NAME = 80;

/** `backfill-<source>-<first day>-<UTC time>`; a long source is cut, the rest tells runs apart. */
export function runName(verb: string, source: string, day: string, now: Date): string {
  const compact = (text: string) => text.replaceAll(/[-:]/g, "");
  const end = `-${compact(day)}-${compact(now.toISOString()).replace(".", "")}`;
  return `${`${verb}-${source}`.slice(0, MAX_NAME - end.length)}${end}`;
}

/**
 * Input of the template's shape, with the days beside it; they wait in the source's item, so that
 * days without files are ingested too. The key is the first day's folder.
 */
export function runInput(bucket: string, source: string, days: readonly string[]) {
  const key = `${ZONE_PREFIX.raw}${source}/${dayFolder(days[0] ?? "")}/`;
  return {
    detail: { bucket: { name: bucket }, object: { key } },
    batch: { source, partitions: [...days], pending: true },
  };
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
    return new Executions(target, stateMachineArn(target, await accountOf(target)));
  }

  /** Starts it; where one of that name and input runs already, AWS starts no other. */
  async start(name: string, source: string, days: readonly string[]): Promise<void> {
    const input = runInput(this.target.names.bucket.landing, source, days);
    await this.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: this.machineArn,
        name,
        input: JSON.stringify(input),
      }),
    );
  }

  /** Such as `RUNNING`; undefined where there is no execution of that name or ARN. */
  async status(execution: string): Promise<string | undefined> {
    try {
      const executionArn = this.arnOf(execution);
      return (await this.sfn.send(new DescribeExecutionCommand({ executionArn }))).status;
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  }

  /** Of a name; an ARN stays as it is. */
  arnOf(execution: string): string {
    if (execution.startsWith("arn:")) return execution;
    return `${this.machineArn.replace(":stateMachine:", ":execution:")}:${execution}`;
  }
}
