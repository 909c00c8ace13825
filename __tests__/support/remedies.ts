/** What the message of a fault says to do, read and done as a person would. */

/** Values by variable, or by the path inside one, such as `sources.events.format`. */
export type Assignments = Readonly<Record<string, unknown>>;

/** Each way out alone: `Set a = 1 with b = 2 and c = 3 or d = 4`. Empty where nothing is to be set. */
export function remediesOf(message: string): Assignments[] {
  const [, text] = /\. Set (.*?)(?:, (?:without|in) quotes)?$/s.exec(message) ?? [];
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
    const { outer, key } = placeOf(result, path);
    outer[key] = value;
  }
  return result;
}

/** The values after each thing that a fault says to do; empty where it says what only a person can. */
export function mendings(
  values: Assignments,
  { variable = "", message }: { variable?: string | undefined; message: string },
): Record<string, unknown>[] {
  const results = remediesOf(message).map((way) => mended(values, way));
  const [, meant] = /Did you mean (\w+)\?$/.exec(message) ?? [];
  if (meant !== undefined) results.push(renamed(values, variable, meant));
  if (/\b(?:R|r)emove it\b/.test(message)) results.push(removed(values, variable));
  const [, names, by] = /\. Shorten (.*) by (\d+)$/.exec(message) ?? [];
  for (const name of names?.split(" or ") ?? [])
    results.push({ ...values, [name]: String(values[name] ?? "data-lake").slice(Number(by)) });
  return results;
}

function removed(values: Assignments, path: string): Record<string, unknown> {
  const result = structuredClone(values) as Record<string, unknown>;
  const { outer, key } = placeOf(result, path);
  if (Array.isArray(outer)) outer.splice(Number(key), 1);
  else delete outer[key];
  return result;
}

function renamed(values: Assignments, path: string, name: string): Record<string, unknown> {
  const result = structuredClone(values) as Record<string, unknown>;
  const { outer, key } = placeOf(result, path);
  outer[name] = outer[key];
  delete outer[key];
  return result;
}

function placeOf(values: Record<string, unknown>, path: string) {
  const keys = path.split(".");
  const key = keys.pop() ?? "";
  const outer = keys.reduce<Record<string, unknown>>((map, name) => {
    map[name] ??= {};
    return map[name] as Record<string, unknown>;
  }, values);
  return { outer, key };
}
