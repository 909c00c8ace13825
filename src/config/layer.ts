/** Values from one place. */
import type { Fault } from "./faults";

/** Keys and indices from a variable to a value inside it. */
export type Path = readonly (string | number)[];

/** Values from one place, and how that place is named in a fault. */
export interface Layer {
  readonly values: Readonly<Record<string, unknown>>;
  /** Where the value at this path comes from. */
  at(path: Path): Pick<Fault, "origin" | "line">;
}

/** Lines of values, by their paths. */
export class Lines {
  readonly #lines = new Map<string, number>();

  /** Whether the place was free. */
  add(path: Path, line: number): boolean {
    const key = JSON.stringify(path);
    if (this.#lines.has(key)) return false;
    this.#lines.set(key, line);
    return true;
  }

  /** The line of the value; of what it lies in, where it has none of its own. */
  of(path: Path): number | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const line = this.#lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return undefined;
  }
}

/** The value at this path, where there is one. */
export function valueAt(path: Path, outer: unknown): unknown {
  return path.reduce(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    outer,
  );
}

/** A copy with another value at this path. */
export function valueWith(outer: unknown, [key, ...inner]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const changed = structuredClone(outer) as Record<string | number, unknown>;
  changed[key] = valueWith(changed[key], inner, value);
  return changed;
}

/** A copy without what is at this path. */
export function valueWithout(outer: unknown, path: Path): unknown {
  const changed = structuredClone(outer);
  const last = path.at(-1);
  const place = valueAt(path.slice(0, -1), changed);
  if (Array.isArray(place)) place.splice(Number(last), 1);
  else if (last !== undefined) delete (place as Record<string | number, unknown>)[last];
  return changed;
}
