/** `lake doctor [ENV]`. */
import pc from "picocolors";
import { machinePaths } from "../../local/paths";
import { withScope } from "../../local/scope";
import { examine } from "../doctor/examination";
import { type Finding, formatFinding, type Level } from "../doctor/finding";
import { describedEnvironments } from "../environments";
import { hasColors, plural, print, say } from "../terminal";

/** Prints what is there and what is not, as it is found; exit code 1 where something is missing. */
export async function doctor(name: string | undefined): Promise<void> {
  const paths = machinePaths();
  const described = await describedEnvironments(name, undefined, paths);
  const findings: Finding[] = [];
  await withScope(async (scope) => {
    const context = { paths, env: process.env, today: new Date(), name, described };
    const parts = examine({ ...context, defer: (closer) => scope.defer(closer) });
    // They are told in order: one that fails meanwhile is nobody's surprise.
    for (const part of parts) part.catch(() => {});
    for (const part of parts)
      for (const finding of await part) {
        findings.push(finding);
        print(formatFinding(finding, paint));
      }
  });
  summarize(findings, name);
  // A program that was to give credentials, and hangs, would keep this one from ending.
  process.exit();
}

function summarize(findings: readonly Finding[], name: string | undefined): void {
  const number = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const goal = name === undefined ? "npm start" : `npx lake deploy ${name}`;
  const missing = number("missing");
  const warnings = number("warning");
  const more = warnings === 0 ? "" : `; ${plural(warnings, "warning")}`;
  say();
  if (missing === 0) say(`Nothing that ${goal} needs is missing${more}.`);
  else say(`${plural(missing, "thing")} missing for ${goal}${more}.`);
  if (missing === 0 && name === undefined)
    say(`To look at what an environment on AWS needs: npx lake doctor ENV`);
  process.exitCode = missing === 0 ? 0 : 1;
}

const COLORS = pc.createColors(hasColors(process.stdout, process.env));

function paint(level: Level): string {
  const color = { ok: COLORS.green, warning: COLORS.yellow, missing: COLORS.red }[level];
  return color(level);
}
