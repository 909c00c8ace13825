/** How many tests of a run passed, failed and were skipped. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Adds up the suites of a JUnit report, as vitest and pytest write it; none counts as nothing. */
export function junitCounts(xml: string): Counts {
  // Only innermost suites hold counts of their own; the root repeats their sum.
  const suites = [...xml.matchAll(/<testsuite\s([^>]*)>/g)].map(([, attributes = ""]) => {
    const value = (name: string) =>
      Number(new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
    const failed = value("failures") + value("errors");
    const skipped = value("skipped");
    return { failed, skipped, passed: value("tests") - failed - skipped };
  });
  return sum(suites);
}

export function sum(all: readonly Counts[]): Counts {
  return all.reduce<Counts>(
    (total, one) => ({
      passed: total.passed + one.passed,
      failed: total.failed + one.failed,
      skipped: total.skipped + one.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}
