/** What became of each alarm, as a table. */
import { formatTable } from "../../src/cli/table";
import type { Outcome, Span } from "./drive";

const COLUMNS = [
  { name: "alarm", type: "varchar" },
  { name: "driven by", type: "varchar" },
  { name: "fired after", type: "varchar" },
  { name: "recovered after", type: "varchar" },
];

/** Times are CloudWatch's minutes, and real seconds. */
export function report({ driven, faults }: Outcome): string {
  const rows = driven.map(({ alarm, by, firedAfter, recoveredAfter }) => [
    alarm,
    by,
    spanOf(firedAfter),
    recoveredAfter === undefined ? "by itself" : spanOf(recoveredAfter),
  ]);
  return [
    ...(rows.length > 0 ? [formatTable(COLUMNS, rows)] : []),
    ...faults.map((fault) => `✗ ${fault}`),
    ...(faults.length === 0 ? [`✓ all ${rows.length} fired, told the topic and recovered`] : []),
  ].join("\n");
}

function spanOf({ minutes, seconds }: Span): string {
  return `${minutes.toFixed(0).padStart(4)} min ${seconds.toFixed(1).padStart(6)} s`;
}
