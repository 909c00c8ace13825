/** How much of what could be taken from a stack's security the rules would notice. */
import type { Synthesized } from "../../support/synth";
import { RULES } from "./all";
import { FUNCTIONAL, type Functional, functional } from "./functional";
import { forEachMutant, type Mutant } from "./mutants";
import { examine, inWords, type Rule, type Subject } from "./rule";

export interface Survey {
  /** Controls removed or weakened, one at a time. */
  readonly controls: number;
  readonly noticed: number;
  /** Those that no rule noticed. */
  readonly missed: readonly { readonly stack: string; readonly mutant: Mutant }[];
  /** Changes of what is no control. */
  readonly functional: number;
  /** Entries of the list of what is no control that no change needed: none matches, or rules notice. */
  readonly stale: readonly RegExp[];
}

/** What is wrong with a stack already; a mutant of it is noticed by what comes in addition. */
export function faultsOf(subject: Subject): ReadonlySet<string> {
  return new Set(examine(RULES, subject).findings.map(inWords));
}

/** The first rule that a stack breaks, but for what is known of it; undefined where it breaks none. */
export function noticedBy(
  subject: Subject,
  known: ReadonlySet<string>,
  rules: readonly Rule[] = RULES,
): Rule | undefined {
  return rules.find((rule) =>
    examine([rule], subject).findings.some((finding) => !known.has(inWords(finding))),
  );
}

/**
 * Says which rule a changed stack breaks, for whoever changes it: policies have mutants of their own.
 * @param subject the stack as it was
 */
export function ruleWatch(subject: Subject): (changed: Synthesized) => string | undefined {
  const known = faultsOf(subject);
  return (changed) => noticedBy({ ...subject, stack: changed }, known)?.name;
}

/**
 * Removes and weakens everything in these stacks, one thing at a time.
 * @param list what is no control
 */
export function survey(subjects: readonly Subject[], list: Functional = FUNCTIONAL): Survey {
  const needed = new Set<RegExp>();
  // What noticed a mutant of one stack is asked first about the same of the next.
  const watchers = new Map<string, Rule>();
  const missed: { stack: string; mutant: Mutant }[] = [];
  let noticed = 0;
  let harmless = 0;
  for (const original of subjects) {
    const known = faultsOf(original);
    forEachMutant(original, (subject, mutant) => {
      const change = `${mutant.what} ${mutant.change}`;
      const watcher = watchers.get(change);
      const rule = noticedBy(subject, known, watcher === undefined ? RULES : [watcher, ...RULES]);
      if (rule !== undefined) {
        noticed += 1;
        watchers.set(change, rule);
      } else if (functional(mutant.what, list) === undefined)
        missed.push({ stack: subject.name, mutant });
      else {
        harmless += 1;
        for (const [pattern] of list) if (pattern.test(mutant.what)) needed.add(pattern);
      }
    });
  }
  return {
    controls: noticed + missed.length,
    noticed,
    missed,
    functional: harmless,
    stale: list.map(([pattern]) => pattern).filter((pattern) => !needed.has(pattern)),
  };
}
