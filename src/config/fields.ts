/** The types that variables are made of, and what is said of each variable. */
import { z } from "zod";

/** What docs/variables.md and the faults say of a variable, beside its type and default. */
export interface About {
  readonly what: string;
  /** Where the bounds come from; absent where there are none but the type's. */
  readonly source?: string;
  /** Its value is never shown. */
  readonly sensitive?: boolean;
}

const registry = z.registry<About>();

export function about<Type extends z.ZodType>(type: Type, words: About): Type {
  registry.add(type, words);
  return type;
}

// Each type's error is what was expected, as a noun: the fault says what was found, and the remedy.
export const whole = (least: number, most: number, unit: string) => {
  const expected = `a whole number of ${unit} from ${least} to ${most}`;
  return z.int(expected).min(least, expected).max(most, expected);
};
export const text = (pattern: RegExp, expected: string) =>
  z.string(expected).regex(pattern, expected);
export const flag = () => z.boolean("true or false");
export const oneOf = <const Value extends number>(values: readonly Value[], unit: string) =>
  z.literal([...values], `one of ${values.join(", ")} (${unit})`);

/** What was said of a type by `about`. */
export function whatIsSaidOf(type: z.ZodType): About | undefined {
  return registry.get(type);
}
