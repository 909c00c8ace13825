/** Days that no run will take by itself, source by source. */
import { Executions } from "../backfill/executions";
import { WaitingDays } from "../backfill/waiting";
import { daysOf, type SourceDays } from "../redrive/stuck-days";
import type { Target } from "../target";

/** What waits or failed of one source. */
export type StuckDays = SourceDays;

/** Of every source that has such days, also of those that the environment no longer has. */
export async function stuckDaysOf(target: Target): Promise<StuckDays[]> {
  const executions = await Executions.create(target);
  const items = await new WaitingDays(target).all();
  const all = await Promise.all(
    items.map((item) =>
      daysOf(item, async (execution) => (await executions.status(execution)) === "RUNNING"),
    ),
  );
  return all.filter(({ lines }) => lines.length > 0);
}
