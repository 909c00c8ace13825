/** Which value may stand where a faulty one stood: the schema takes it, and no rule breaks by it. */
import type { Change } from "./problems";
import { brokenRules, keyOf, type RuleFault, type Subject } from "./rules";
import { variablesSchema } from "./schema";

/** The values around a faulty variable. */
export class Surroundings {
  #broken: readonly RuleFault[] | undefined;

  constructor(readonly subject: Subject) {}

  /** What is broken as it is. */
  broken(): readonly RuleFault[] {
    this.#broken ??= brokenRules(this.subject);
    return this.#broken;
  }

  /** The variable at this value, with what must change beside it; undefined where that is no way. */
  settle(name: string, value: unknown): Change | undefined {
    const change = { [name]: value } as Change;
    const faults = this.#brokenBy(change, name);
    if (faults === undefined) return undefined;
    if (faults.length === 0) return change;
    const ways = faults.flatMap((fault) => fault.ways);
    // A rule may ask for another value of the same variable: that is less to change.
    const alone = ways.filter((way) => Object.keys(way).every((one) => one === name));
    return [...alone, ...ways.map((way) => ({ ...change, ...way }))].find(
      (candidate) => this.#brokenBy(candidate, name)?.length === 0,
    );
  }

  /** The value that it has where it is removed, and whether no rule breaks by that. */
  fallback(name: string): { readonly value: unknown; readonly holds: boolean } {
    const { data } = variablesSchema.safeParse(this.subject.given);
    const holds = this.#brokenBy({}, name)?.length === 0;
    return { value: (data as Record<string, unknown> | undefined)?.[name], holds };
  }

  /** What breaks by the change; undefined where the schema refuses it. */
  #brokenBy(change: Change, name: string): RuleFault[] | undefined {
    const given = { ...this.subject.given, ...change };
    if (!variablesSchema.safeParse(given).success) return undefined;
    const faulty = new Set(this.subject.faulty);
    faulty.delete(name);
    const known = new Set(this.broken().map(keyOf));
    return brokenRules({ ...this.subject, given, faulty }).filter(
      (fault) => !known.has(keyOf(fault)),
    );
  }
}
