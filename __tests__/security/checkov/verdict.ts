/** What Checkov found, less what is skipped with a reason. */
import type { Skip } from "./skips";

/** One check that failed on one resource of one stack. */
export interface CheckovFinding {
  readonly stack: string;
  readonly address: string;
  readonly check: string;
  /** What the check is about, as Checkov says it. */
  readonly title: string;
}

export interface CheckovReport {
  /** Checks that passed, each on one resource of one stack. */
  readonly passed: number;
  readonly findings: readonly CheckovFinding[];
}

export interface CheckovVerdict {
  readonly passed: number;
  readonly failed: readonly CheckovFinding[];
  /** How many findings each entry skipped. */
  readonly skipped: ReadonlyMap<Skip, number>;
  /** Check and address of entries that skip nothing. */
  readonly stale: readonly string[];
}

/** Whether each finding is skipped, and each skip needed. */
export function judge(report: CheckovReport, skips: readonly Skip[]): CheckovVerdict {
  const skipped = new Map<Skip, number>();
  const needed = new Set<string>();
  const failed = report.findings.filter(({ check, address }) => {
    const skip = skips.find((one) => one.check === check && one.addresses.includes(address));
    if (skip === undefined) return true;
    skipped.set(skip, (skipped.get(skip) ?? 0) + 1);
    needed.add(`${check} ${address}`);
    return false;
  });
  const stale = skips
    .flatMap(({ check, addresses }) => addresses.map((address) => `${check} ${address}`))
    .filter((one) => !needed.has(one));
  return { passed: report.passed, failed, skipped, stale };
}

/** One finding in a line. */
export function findingInWords({ stack, address, check, title }: CheckovFinding): string {
  return `${stack}: ${address}: ${title} (${check})`;
}
