/** Whether anybody hears of failures, alarms and the budget. */
import type { Environment } from "../config/environment";
import { wrap } from "./doctor/finding";
import { LOCAL } from "./target";
import { colors, say } from "./terminal";

const COLUMNS = 80;

/** A warning that names the environments whose topic has no reader; the local AWS sends no mail. */
export function warnOfNoReaders(environments: readonly Environment[]): void {
  const silent = environments.filter(
    ({ name, variables }) => name !== LOCAL && variables.alert_emails.length === 0,
  );
  const [first] = silent;
  if (first === undefined) return;
  const names = silent.map(({ name }) => name).join(", ");
  const [line = "", ...more] = wrap(
    `warning: ${names}: alert_emails is empty, so that failures, alarms and the budget are told to a topic that nobody reads, unless somebody subscribes to it by hand. To mend: set alert_emails = ["you@example.com"] in env/${first.name}.tfvars${silent.length === 1 ? "" : " and the others"}`,
    COLUMNS,
  );
  say([line.replace("warning:", colors.yellow("warning:")), ...more].join("\n"));
}
