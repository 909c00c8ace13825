/** Which value may stand where a faulty one stood: the schema takes it, and no rule breaks by it. */
import type { Change } from "./problems";
import { brokenRules, type RuleFault, type Subject } from "./rules";
import { variablesSchema } from "./schema";

/** The values around a faulty variable. */
export class Surroundings {
  readonly #known: ReadonlySet<string>;

  constructor(readonly subject: Subject) {
    this.#known = new Set(brokenRules(subject).map(key));
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

  /** The value that it has where it is removed; undefined where that is none, or breaks a rule. */
  fallback(name: string): unknown {
    const { data } = variablesSchema.safeParse(this.subject.given);
    return this.#broken({}, name)?.length === 0
      ? (data as Record<string, unknown>)[name]
      : undefined;
  }

  /** What breaks by the change; undefined where the schema refuses it. */
  #broken(change: Change, name: string): RuleFault[] | undefined {
    const given = { ...this.subject.given, ...change };
    if (!variablesSchema.safeParse(given).success) return undefined;
    const faulty = new Set(this.subject.faulty);
    faulty.delete(name);
    return brokenRules({ ...this.subject, given, faulty }).filter(
      (fault) => !this.#known.has(key(fault)),
    );
  }
}

function key({ rule, variable }: RuleFault): string {
  return `${rule} ${variable}`;
}
