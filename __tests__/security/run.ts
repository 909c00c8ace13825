/**
 * `npm run security`: everything that tests say of the security of every environment's stacks, in
 * figures; exit 1 where anything is wrong. It needs no AWS account.
 */
import { checkovSection } from "./checkov/section";
import { lastRecorded, recordedIn } from "./iam/recorded";
import { policySection } from "./iam/section";
import { mutationSection, rulesSection } from "./rules/section";
import { subjects } from "./rules/subjects";
import { ruleWatch } from "./rules/survey";
import { inText, type Section } from "./section";

// The SDK tells at every start which Node.js it will need next year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const began = Date.now();
const say = (line: string) =>
  console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${line}`);

try {
  const sections: Section[] = [];
  say("synthesizing every environment");
  const stacks = await subjects();
  sections.push(rulesSection(stacks));
  say("holding recorded calls against policies, and policies against what is taken from them");
  // Tests that deploy a lake keep its calls in the folder that this names.
  const folder = process.env.LAKE_CALLS;
  const recorded = folder ? recordedIn(folder) : lastRecorded();
  sections.push(await policySection(stacks, recorded, ruleWatch));
  say("removing and weakening controls, one at a time");
  sections.push(mutationSection(stacks));
  sections.push(await checkovSection(say));
  console.log(inText(sections));
  process.exitCode = sections.some(({ faults }) => faults.length > 0) ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
