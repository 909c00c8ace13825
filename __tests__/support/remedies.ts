/** What the message of a fault says to set, read as a person reads it. */

/** Values by variable, or by the path inside one, such as `sources.events.format`. */
export type Assignments = Readonly<Record<string, unknown>>;

/** Each way out alone: `Set a = 1 with b = 2 and c = 3 or d = 4`. Empty where nothing is to be set. */
export function remediesOf(message: string): Assignments[] {
  const [, text] = /(?:^|\. )Set (.*?)(?:, (?:without|in) quotes)?$/s.exec(message) ?? [];
  if (text === undefined) return [];
  return text.split(" or ").map((way) =>
    Object.fromEntries(
      way.split(/ with | and /).map((assignment) => {
        const [name = "", value = ""] = assignment.split(" = ");
        return [name, JSON.parse(value)];
      }),
    ),
  );
}

/** The values with one way out applied. */
export function mended(values: Assignments, way: Assignments): Record<string, unknown> {
  const result = structuredClone(values) as Record<string, unknown>;
  for (const [path, value] of Object.entries(way)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const inner = keys.reduce<Record<string, unknown>>((outer, key) => {
      outer[key] ??= {};
      return outer[key] as Record<string, unknown>;
    }, result);
    inner[last] = value;
  }
  return result;
}
