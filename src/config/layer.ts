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
