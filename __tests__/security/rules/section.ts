/** The rules over every stack, and how many of their controls' mutants they notice. */
import { resolveStack } from "../iam/resolve";
import { wildcards } from "../iam/wildcards";
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

/** Statements on `*`: each has a reason, which is mostly that AWS lets it name nothing else. */
export async function wildcardsSection(subjects: readonly Subject[]): Promise<Section> {
  const found = new Map<string, string | undefined>();
  for (const { stack } of subjects)
    for (const { where, action, reason } of (await wildcards(resolveStack(stack))).wildcards)
      found.set(`${where} ${action}`, reason);
  const lines = [...found].map(([what, reason]) => `${what}: ${reason ?? "no reason"}`);
  return {
    title: "Wildcards",
    lines: [`actions on every resource ${found.size}, each with its reason`, ...lines.sort()],
    faults: [...found].filter(([, reason]) => !reason).map(([what]) => `${what} has no reason`),
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
