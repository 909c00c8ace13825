/** How much of what could be taken from a stack's security the rules would notice. */
import type { Synthesized } from "../../support/synth";
import { RULES } from "./all";
import { FUNCTIONAL, functional } from "./functional";
import { forEachMutant, type Mutant } from "./mutants";
import type { Rule, Subject } from "./rule";

export interface Survey {
  /** Controls removed or weakened, one at a time. */
  readonly controls: number;
  readonly noticed: number;
  /** Those that no rule noticed. */
  readonly missed: readonly { readonly stack: string; readonly mutant: Mutant }[];
  /** Changes of what is no control. */
  readonly functional: number;
  /** Entries of the list of what is no control that no change needed. */
  readonly stale: readonly RegExp[];
}

/** The first rule that a stack breaks; undefined where it breaks none. */
export function noticedBy(subject: Subject, rules: readonly Rule[] = RULES): Rule | undefined {
  return rules.find((rule) => rule.check(subject).some(({ holds }) => !holds));
}

/**
 * Says which rule a changed stack breaks, for whoever changes it: policies have mutants of their own.
 * @param subject the stack as it was
 */
export function ruleWatch(subject: Subject): (changed: Synthesized) => string | undefined {
  return (changed) => noticedBy({ ...subject, stack: changed })?.name;
}

/** Removes and weakens everything in these stacks, one thing at a time. */
export function survey(subjects: readonly Subject[]): Survey {
  const needed = new Set<RegExp>();
  // What noticed a mutant of one stack is asked first about the same of the next.
  const watchers = new Map<string, Rule>();
  const missed: { stack: string; mutant: Mutant }[] = [];
  let noticed = 0;
  let harmless = 0;
  for (const original of subjects)
    forEachMutant(original, (subject, mutant) => {
      const change = `${mutant.what} ${mutant.change}`;
      const watcher = watchers.get(change);
      const rule = noticedBy(subject, watcher === undefined ? RULES : [watcher, ...RULES]);
      if (rule !== undefined) {
        noticed += 1;
        watchers.set(change, rule);
      } else if (functional(mutant.what) === undefined)
        missed.push({ stack: subject.name, mutant });
      else {
        harmless += 1;
        for (const [pattern] of FUNCTIONAL) if (pattern.test(mutant.what)) needed.add(pattern);
      }
    });
  return {
    controls: noticed + missed.length,
    noticed,
    missed,
    functional: harmless,
    stale: FUNCTIONAL.map(([pattern]) => pattern).filter((pattern) => !needed.has(pattern)),
  };
}
