/** Which value may stand where a faulty one stood: the schema takes it, and no rule breaks by it. */
import type { Change } from "./problems";
import { brokenRules, keyOf, type RuleFault, type Subject } from "./rules";
import { variablesSchema } from "./schema";

/** The values around a faulty variable. */
export class Surroundings {
  readonly #known: ReadonlySet<string>;

  constructor(readonly subject: Subject) {
    this.#known = new Set(brokenRules(subject).map(keyOf));
  }

  /** The variable at this value, with what must change beside it; undefined where that is no way. */
  settle(name: string, value: unknown): Change | undefined {
    const change = { [name]: value } as Change;
    const faults = this.#broken(change, name);
    if (faults === undefined) return undefined;
    if (faults.length === 0) return change;
    const ways = faults.flatMap((fault) => fault.ways);
    // A rule may ask for another value of the same variable: that is less to change.
    const alone = ways.filter((way) => Object.keys(way).every((one) => one === name));
    return [...alone, ...ways.map((way) => ({ ...change, ...way }))].find(
      (candidate) => this.#broken(candidate, name)?.length === 0,
    );
  }

  /** The value that it has where it is removed, and whether no rule breaks by that. */
  fallback(name: string): { readonly value: unknown; readonly holds: boolean } {
    const { data } = variablesSchema.safeParse(this.subject.given);
    const holds = this.#broken({}, name)?.length === 0;
    return { value: (data as Record<string, unknown> | undefined)?.[name], holds };
  }

  /** What breaks by the change; undefined where the schema refuses it. */
  #broken(change: Change, name: string): RuleFault[] | undefined {
    const given = { ...this.subject.given, ...change };
    if (!variablesSchema.safeParse(given).success) return undefined;
    const faulty = new Set(this.subject.faulty);
    faulty.delete(name);
    return brokenRules({ ...this.subject, given, faulty }).filter(
      (fault) => !this.#known.has(keyOf(fault)),
    );
  }
}
