/**
 * Values that `lake` has merged and judged, on their way to the program that cdktf runs. It cannot
 * be TF_VAR_: cdktf takes those out of that program's environment.
 */
import type { Variables } from "./schema";

const NAME = "LAKE_VARIABLES";

/** Variables by environment. */
export type Handover = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What to set in the process environment of cdktf. */
export function handOver(environment: {
  readonly name: string;
  readonly variables: Variables;
}): Record<string, string> {
  return { [NAME]: JSON.stringify({ [environment.name]: environment.variables }) };
}

/** What was set there; nothing where cdktf was started by hand. */
export function takeOver(env: Readonly<Record<string, string | undefined>>): Handover {
  const text = env[NAME];
  return text === undefined ? {} : (JSON.parse(text) as Handover);
}
