/** An environment's estimate as text, and what is said of it beside. */
import type { Estimate } from "../config/cost";
import type { Line } from "../config/costs/line";
import { inCents } from "../config/prices";
import { type Column, formatTable, type Row } from "./table";
import { colors, say } from "./terminal";

const text = (name: string): Column => ({ name, type: "varchar" });
const number = (name: string): Column => ({ name, type: "double" });

/** Below it a line comes to 0.00, and is summed up with its like. */
const HALF_A_CENT = 0.005;
/** Percent of a budget above which its multiple is told. */
const MOST_IN_PERCENT = 1000;

/** `1,234.56`. */
export function usd(value: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** `+1.20`, `-1.20`. */
export function signedUsd(value: number): string {
  return `${value < 0 ? "-" : "+"}${usd(Math.abs(value))}`;
}

/** The lines, the total, and its share of the budget; at most 80 columns without `explain`. */
export function formatEstimate(estimate: Estimate, explain: boolean): string {
  const shown = explain ? estimate.lines : estimate.lines.filter(isSeen);
  const table = formatTable(
    [text("service"), text("what"), number("a month"), text(""), number("USD")],
    [...shown.map(lineRow), ...(explain ? [] : restRow(estimate.lines))],
  );
  return [
    head(estimate),
    explain ? withBasis(table, shown) : table,
    `total    ${usd(estimate.totalUsd)} USD a month; in the twelfth month ${usd(estimate.twelfthMonthUsd)}`,
    `budget   ${budgetWords(estimate)}`,
  ].join("\n");
}

/** One row an environment. */
export function formatTotals(estimates: readonly Estimate[]): string {
  return formatTable(
    [
      text("environment"),
      number("USD a month"),
      number("twelfth month"),
      number("budget"),
      number("share"),
      text("most of it"),
    ],
    estimates.map((one) => [
      one.name,
      usd(one.totalUsd),
      usd(one.twelfthMonthUsd),
      usd(one.budgetUsd),
      share(one),
      largest(one),
    ]),
  );
}

/** Both estimates side by side, and the lines that moved. */
export function formatComparison(before: Estimate, after: Estimate): string {
  const later = new Map(after.lines.map((one) => [one.key, one]));
  // An estimate has the same lines whatever the environment: what there is none of comes to 0.
  const pairs = before.lines.map((was) => ({ was, is: later.get(was.key) ?? was }));
  const seen = pairs.filter(({ was, is }) => isSeen(was) || isSeen(is));
  const rows = seen.map(({ was, is }): Row => {
    const moved = usd(was.usd) === usd(is.usd) ? "" : signedUsd(centsBetween(was.usd, is.usd));
    return [is.service, is.item, usd(was.usd), usd(is.usd), moved];
  });
  const difference = centsBetween(before.totalUsd, after.totalUsd);
  return [
    head(after),
    formatTable(
      [text("service"), text("what"), number("USD now"), number("changed"), number("moved")],
      [
        ...rows,
        ["", `${pairs.length - seen.length} below a cent`, "", "", ""],
        ["", "total", usd(before.totalUsd), usd(after.totalUsd), signedUsd(difference)],
      ],
    ),
    `budget   ${budgetWords(after)}`,
  ].join("\n");
}

/** A warning where the budget is less than the estimate: never an error. */
export function warnOfBudget({ name, totalUsd, budgetUsd }: Estimate): void {
  if (totalUsd <= budgetUsd) return;
  say(
    `${colors.yellow("warning:")} ${name}: a month is expected to cost ${usd(totalUsd)} USD, more than monthly_budget_usd = ${budgetUsd}, so that its alerts come in an ordinary month. To mend: raise monthly_budget_usd to ${Math.ceil(totalUsd)} or more, or see what costs most with npx lake cost ${name}`,
  );
}

/** A word where the prices are another region's. */
export function warnOfRegion({ name, region, prices }: Estimate): void {
  if (region === prices.region) return;
  say(
    `${colors.yellow("warning:")} ${name} is in ${region}, and the prices are those of ${prices.region}: ${region} has its own, mostly higher. The quantities hold, the USD do not.`,
  );
}

function head({ name, architecture, region }: Estimate): string {
  return `${name}: ${architecture}, ${region}`;
}

function isSeen({ usd: value }: Line): boolean {
  return value >= HALF_A_CENT;
}

function lineRow(one: Line): Row {
  return [one.service, one.item, quantity(one.quantity), one.unit, usd(one.usd)];
}

function restRow(lines: readonly Line[]): Row[] {
  const rest = lines.filter((one) => !isSeen(one));
  if (rest.length === 0) return [];
  const sum = rest.reduce((total, one) => total + one.usd, 0);
  return [["", `${rest.length} below a cent (--explain)`, "", "", usd(sum)]];
}

/** How each quantity came about, under its line. */
function withBasis(table: string, lines: readonly Line[]): string {
  const [names = "", rule = "", ...rows] = table.split("\n");
  const told = rows.flatMap((row, index) => {
    const one = lines[index];
    return one === undefined
      ? [row]
      : [row, colors.dim(`    ${one.basis}; ${one.usdPerUnit} USD a ${one.unit}`)];
  });
  return [names, rule, ...told].join("\n");
}

function quantity(value: number): string {
  const digits = value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return value.toLocaleString("en-US", digits);
}

function budgetWords(estimate: Estimate): string {
  return `${usd(estimate.budgetUsd)} USD, of which this is ${share(estimate)}`;
}

/** `83 %`, and `2,500 times` where percents would be as long as a number of USD. */
function share({ totalUsd, budgetUsd }: Estimate): string {
  const times = totalUsd / budgetUsd;
  return times > MOST_IN_PERCENT / 100
    ? `${Math.round(times).toLocaleString("en-US")} times`
    : `${Math.round(100 * times)} %`;
}

/** As it is shown: the difference of both in whole cents, and not their own in whole cents. */
function centsBetween(before: number, after: number): number {
  return inCents(after) - inCents(before);
}

/** The service that costs most, with its share. */
function largest({ lines, totalUsd }: Estimate): string {
  const sums = new Map<string, number>();
  for (const one of lines) sums.set(one.service, (sums.get(one.service) ?? 0) + one.usd);
  const [first] = [...sums].sort(([, one], [, other]) => other - one);
  return first === undefined || totalUsd === 0
    ? ""
    : `${first[0]} ${Math.round((100 * first[1]) / totalUsd)} %`;
}
