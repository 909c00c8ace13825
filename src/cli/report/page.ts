/** The report as one HTML page that needs nothing else: no network, no script. Pure. */

import { html, Markup } from "./html";
import type { Report } from "./report";
import { architectureSection } from "./sections/architecture";
import { capacitySection } from "./sections/capacity";
import { costSection } from "./sections/cost";
import { lifecycleSection } from "./sections/lifecycle";
import { runsSection, STATES } from "./sections/runs";
import { securitySection } from "./sections/security";
import { PAGE_STYLE } from "./style";
import { figure, moment, percent, usd } from "./words";

/** What a browser may load for the page: nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The whole file. */
export function page(report: Report): string {
  const { project, name, headroom, writtenAt } = report;
  const title = `${project} ${name}`;
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}: data lake report</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header><p class="eyebrow">Data lake report</p><h1>${project} <span>${name}</span></h1>
<p class="lead">${headroom.region} · ${headroom.release} · ${headroom.architecture} · ${report.sources.length === 1 ? "source" : "sources"} ${report.sources.join(", ")}</p></header>
<main>
${tiles(report)}
${architectureSection(report.architecture, title)}
<div class="pair">${capacitySection(headroom)}${costSection(report.estimate)}</div>
${securitySection(report.posture)}
${lifecycleSection(report.lives)}
${runsSection(report.runs, writtenAt)}
</main>
<footer><p>Written ${moment(writtenAt)} by <code>npx lake report ${name}</code> from ${figure(report.graph.resources.length)} resources.</p></footer>
</body>
</html>
`.text
  }`;
}

/** The four figures that are looked for first. */
function tiles({ headroom, estimate, runs, graph }: Report): Markup {
  const last = "runs" in runs ? runs.runs[0] : undefined;
  const [sign, word, tone] = last
    ? STATES[last.state]
    : ["○", "unknown" in runs ? "not known" : "none yet", ""];
  const alarms = graph.all("aws_cloudwatch_metric_alarm").length;
  const wide = headroom.asked.vcpu;
  const tile = (href: string, label: string, value: Markup, note: string) =>
    html`<a class="tile" href="#${href}"><span class="label">${label}</span> <span class="value">${value}</span> <span class="note">${note}</span></a>`;
  const over = estimate.totalUsd > estimate.budgetUsd;
  return html`<nav class="tiles" aria-label="Summary">
${tile("cost", "Estimate", html`${usd(estimate.totalUsd)}`, `a month, ${over ? "over" : percent(estimate.totalUsd, estimate.budgetUsd)} ${over ? "the budget of" : "of"} ${usd(estimate.budgetUsd)}`)}
${tile("capacity", "vCPU left", html`${figure(headroom.headroom.vcpu)}`, `of ${figure(headroom.available.vcpu)}, beside a run of ${figure(wide)}`)}
${tile("architecture", "Alarms", html`${figure(alarms)}`, `among ${figure(graph.resources.length)} resources`)}
${tile("runs", "Last run", html`<span class="${tone}"><span aria-hidden="true">${sign}</span> ${word}</span>`, last ? moment(last.startedAt) : "")}
</nav>`;
}
