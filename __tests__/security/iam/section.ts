/** What `npm run security` says of roles, policies and recorded calls. */
import type { Synthesized } from "../../support/synth";
import type { Rules } from "./mutations";
import { faultsOf, figuresOf, judgeStack, type Recorded, type StackReport } from "./report";
import { UNUSED_GRANTS } from "./unused-grants";

/** A stack by its name. */
export interface NamedStack {
  readonly name: string;
  readonly stack: Synthesized;
}

/**
 * Judges every stack by what was recorded.
 * @param rulesOf for a stack, rules that look at what no call notices of a mutant
 */
export async function policySection<Subject extends NamedStack>(
  subjects: readonly Subject[],
  recorded: Recorded,
  rulesOf?: (subject: Subject) => Rules,
): Promise<{ title: string; lines: string[]; faults: string[] }> {
  const reports: StackReport[] = [];
  for (const subject of subjects)
    reports.push(
      await judgeStack(
        subject.name,
        subject.stack,
        recorded.calls,
        UNUSED_GRANTS,
        rulesOf?.(subject),
      ),
    );
  return {
    title: `Roles and policies: what is called, granted and refused in ${subjects.length} stacks`,
    lines: figuresOf(recorded, reports, UNUSED_GRANTS),
    faults: [...new Set(faultsOf(recorded, reports, UNUSED_GRANTS))],
  };
}
