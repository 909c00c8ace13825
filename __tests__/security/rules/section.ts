/** The rules over every stack, and how many of their controls' mutants they notice. */
import type { Section } from "../section";
import { share } from "../section";
import { RULES } from "./all";
import { examine, inWords, type Subject } from "./rule";
import { survey } from "./survey";

export function rulesSection(subjects: readonly Subject[]): Section {
  const results = subjects.map((subject) => ({ subject, ...examine(RULES, subject) }));
  const looks = results.reduce((sum, one) => sum + one.looks, 0);
  const faults = results.flatMap(({ subject, findings }) =>
    findings.map((finding) => `${subject.name}: ${inWords(finding)}`),
  );
  return {
    title: "Policy rules",
    lines: [
      `${RULES.length} rules over ${subjects.length} stacks: checks passed ${looks - faults.length}, failed ${faults.length}`,
    ],
    faults,
  };
}

export function mutationSection(subjects: readonly Subject[]): Section {
  const { controls, noticed, missed, functional, stale } = survey(subjects);
  return {
    title: "Mutation of controls",
    lines: [
      `each removed, each weakened, one at a time: noticed ${share(noticed, controls)}`,
      `of what is no control, with its reason, ${functional} more`,
    ],
    faults: [
      ...missed.map(({ stack, mutant: { what, change } }) => `${stack}: ${what} ${change}`),
      ...stale.map((pattern) => `functional.ts: ${pattern} is stale: no mutant needs it`),
    ],
  };
}
