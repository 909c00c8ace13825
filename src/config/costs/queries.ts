/** Athena, and what its results take. */
import type { Variables } from "../schema";
import type { Day } from "./day";
import { amount, type Line, line, MONTH_DAYS } from "./line";

/** GB that a query is billed for at least: 10 MB. */
const LEAST_GB = 10 / 1024;
const GB_PER_TB = 1024;

export function queryLines({ workload, athena_scan_limit_gb }: Variables, _day: Day): Line[] {
  const queries = workload.queries_per_day * MONTH_DAYS;
  // The workgroup stops a query that reads more.
  const gb = Math.min(Math.max(workload.gb_per_query, LEAST_GB), athena_scan_limit_gb);
  return [
    line(
      "athena.scanned",
      "athenaTb",
      "data read by queries",
      (queries * gb) / GB_PER_TB,
      `${amount(queries)} queries × ${amount(gb)} GB; 10 MB at least, ${athena_scan_limit_gb} GB at most (athena_scan_limit_gb)`,
    ),
  ];
}
