/** A row a zone: which storage class an object is in at which age, and when it ends. */
import { html, type Markup } from "../html";
import type { Stage, ZoneLife } from "../lifecycle";

export function lifecycleSection(lives: readonly ZoneLife[]): Markup {
  const days = [...new Set(lives.flatMap(({ stages }) => stages.flatMap(edges)))].sort(
    (a, b) => a - b,
  );
  return html`<section id="lifecycle"><h2>Life of the data</h2>
<p class="lead">By age in days, from the lifecycle rules; the columns are the days on which something happens, not to scale.</p>
<div class="lives" style="--columns:${days.length}">
<div class="life axis" aria-hidden="true"><span></span>${days.map((day, i) => html`<span style="grid-column:${i + 2}">${day === 0 ? "day 0" : day}</span>`)}</div>
${lives.map((life) => row(life, days))}</div></section>`;
}

function edges({ from, to }: Stage): number[] {
  return to === undefined ? [from] : [from, to];
}

function row(
  { bucket, zones, stages, deleted, versionDays }: ZoneLife,
  days: readonly number[],
): Markup {
  const column = (day: number) => days.indexOf(day) + 2;
  const [, end] = stages.at(-1) ? edges(stages.at(-1) as Stage) : [];
  return html`<div class="life"><div class="zone"><b>${zones.length > 0 ? zones.join(" ") : bucket}</b><small>${[zones.length > 0 ? `in ${bucket}` : undefined, versionDays === undefined ? undefined : `old versions ${versionDays} days`].filter(Boolean).join("; ")}</small></div>
${stages.map(
  ({ from, to, storageClass }, i) =>
    html`<div class="stage s${Math.min(i, 2)}${to === undefined && " open"}" style="grid-column:${column(from)}/${to === undefined ? -1 : column(to)}">${storageClass}<small>${spell(from, to)}</small></div>`,
)}${deleted && end !== undefined && html`<div class="stage end" style="grid-column:${column(end)}/-1"><span aria-hidden="true">✕ </span>deleted</div>`}</div>
`;
}

function spell(from: number, to: number | undefined): string {
  if (to !== undefined) return from === 0 ? `to day ${to}` : `day ${from} to ${to}`;
  return from === 0 ? "kept" : `from day ${from}, kept`;
}
