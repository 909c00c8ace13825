/** Until when others mend what the lake is built on. Looked up on 2026-11-23. */

/** The first and the last day on which support may end: one day where it is published. */
export interface SupportEnd {
  readonly earliest: string;
  readonly latest: string;
}

/** What a day says of it. */
export type SupportState = "ended" | "may have ended" | "ends soon" | "supported";

/**
 * Last day of standard support of EMR releases, ascending. AWS publishes it on each release's page;
 * it is two years after the release. A release between two of these ends between their days.
 * @see https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-standard-support.html
 */
const EMR_RELEASES: readonly (readonly [release: string, lastDay: string])[] = [
  ["7.3.0", "2026-10-15"],
  ["7.4.0", "2026-11-12"],
  ["7.5.0", "2026-11-20"],
  ["7.9.0", "2027-05-19"],
  ["7.10.0", "2027-08-15"],
  ["7.13.0", "2028-04-21"],
  ["7.14.0", "2028-09-08"],
];

/** All before emr-7.3.0: emr-6.15.0, the last of emr-6, is of 2023-11-17. */
const BEFORE_EMR_7_3: SupportEnd = { earliest: "", latest: "2026-11-16" };

export const EMR_SUPPORT_PAGE =
  "https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-standard-support.html";

/** Says which release has which dimensions of its metrics. */
export const EMR_METRICS_PAGE =
  "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-job-metrics.html";

/** Last day of HashiCorp's support, two years after the release, by minor version.
 * @see https://support.hashicorp.com/hc/en-us/articles/360021185113 */
const TERRAFORM: Readonly<Record<string, string>> = {
  "1.10": "2026-11-30",
  "1.11": "2027-02-28",
  "1.12": "2027-05-31",
  "1.13": "2027-08-31",
};

/** Last day of maintenance of Node.js, by major version.
 * @see https://github.com/nodejs/Release */
const NODE: Readonly<Record<string, string>> = {
  "20": "2026-04-30",
  "21": "2024-06-01",
  "22": "2027-04-30",
  "23": "2025-06-01",
  "24": "2028-04-30",
};

/** Lambda's deprecation days of its runtimes for Node.js: no fixes from then on; two months later
 * functions can no longer be updated.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const LAMBDA: Readonly<Record<string, string>> = {
  "nodejs20.x": "2026-04-30",
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
};

/** Days before its end from which the end is worth a word. */
const SOON_DAYS = 90;
const DAY_MS = 24 * 3600 * 1000;

/** When support of an EMR release such as `emr-7.12.0` ends; undefined for one not known here. */
export function emrSupport(release: string): SupportEnd | undefined {
  const version = release.replace(/^emr-/, "");
  const after = EMR_RELEASES.findIndex(([known]) => compare(known, version) >= 0);
  const next = EMR_RELEASES[after];
  if (next === undefined) return undefined;
  if (next[0] === version) return { earliest: next[1], latest: next[1] };
  const before = EMR_RELEASES[after - 1];
  return before === undefined ? BEFORE_EMR_7_3 : { earliest: before[1], latest: next[1] };
}

/** Whether EMR Serverless gives this release's metrics the dimension ApplicationName: from 7.10 on. */
export function hasMetricsByName(release: string): boolean {
  return compare(release.replace(/^emr-/, ""), "7.10.0") >= 0;
}

/** When support of a Terraform such as `1.11.4` ends. */
export function terraformSupport(version: string): SupportEnd | undefined {
  return day(TERRAFORM[version.split(".").slice(0, 2).join(".")]);
}

/** When support of a Node.js such as `22.11.0` ends. */
export function nodeSupport(version: string): SupportEnd | undefined {
  return day(NODE[version.split(".")[0] ?? ""]);
}

/** When Lambda's support of a runtime such as `nodejs22.x` ends. */
export function lambdaSupport(runtime: string): SupportEnd | undefined {
  return day(LAMBDA[runtime]);
}

/** What that day says of the support. */
export function supportState(end: SupportEnd, today: Date): SupportState {
  const now = today.toISOString().slice(0, 10);
  if (now > end.latest) return "ended";
  if (now > end.earliest) return "may have ended";
  const soon = new Date(today.getTime() + SOON_DAYS * DAY_MS).toISOString().slice(0, 10);
  return soon > end.earliest ? "ends soon" : "supported";
}

/** The end in words, such as `ended on 2026-11-20`. */
export function supportWords(end: SupportEnd, today: Date): string {
  const { earliest, latest } = end;
  const exact = earliest === latest;
  switch (supportState(end, today)) {
    case "ended":
      return exact ? `ended on ${latest}` : `ended by ${latest}`;
    case "may have ended":
      return `ends by ${latest}, and may have ended`;
    default:
      return exact ? `ends on ${latest}` : `ends between ${earliest} and ${latest}`;
  }
}

function day(lastDay: string | undefined): SupportEnd | undefined {
  return lastDay === undefined ? undefined : { earliest: lastDay, latest: lastDay };
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(".").map(Number));
  for (let i = 0; i < 3; i += 1) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
