/** The calls that a deployed lake's roles have made, held against every environment's policies. */
import { join } from "node:path";
import { keptCalls } from "../e2e/support/recorded-calls";
import { readRecording } from "./iam/recording";
import { faultsOf, figuresOf, judgeStack, readRecorded, type StackReport } from "./iam/report";
import { UNUSED_GRANTS } from "./iam/unused-grants";
import type { Subject } from "./rules/rule";
import { ruleWatch } from "./rules/survey";
import type { Section } from "./section";

/**
 * @param folder what tests that deploy a lake have kept there, as `LAKE_CALLS` asked them to
 * @throws Error that names the file which is no recording
 */
export async function callsSection(folder: string, subjects: readonly Subject[]): Promise<Section> {
  const recordings = keptCalls(folder).map((record, index) =>
    readRecording(record, join(folder, `recording ${index + 1}`)),
  );
  const recorded = readRecorded(recordings);
  const reports: StackReport[] = [];
  for (const subject of subjects)
    reports.push(
      await judgeStack(
        subject.name,
        subject.stack,
        subject.kind === "lake" ? recorded.calls : [],
        UNUSED_GRANTS,
        ruleWatch(subject),
      ),
    );
  return {
    title: "Policies and calls",
    lines: figuresOf(recorded, reports, UNUSED_GRANTS),
    faults: [
      ...(recordings.length === 0 ? [`no recording of calls in ${folder}`] : []),
      ...faultsOf(recorded, reports, UNUSED_GRANTS),
    ],
  };
}
