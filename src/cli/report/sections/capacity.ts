/** What one run asks of EMR Serverless at its widest, beside what it may have. */

import type { Resources } from "../../../config/capacity";
import type { Headroom, PricedResources, Workers } from "../../../config/headroom";
import { plural } from "../../terminal";
import { html, type Markup } from "../html";
import { figure, percent, usd } from "../words";

const ROWS: readonly (readonly [title: string, key: keyof PricedResources, unit: string])[] = [
  ["vCPU", "vcpu", ""],
  ["Memory", "memoryGb", " GB"],
  ["Disk", "diskGb", " GB"],
];

export function capacitySection(room: Headroom): Markup {
  return html`<section id="capacity"><h2>Capacity</h2>
<p class="lead">One run at its widest asks for part of what the application may have; the rest is headroom.</p>
<dl class="bars">${ROWS.map((row) => bar(room, ...row))}</dl>
<dl class="facts">
<div><dt>Driver</dt><dd>${size(room.driver)}</dd></div>
<div><dt>Executors</dt><dd>up to ${many(room.executors)}</dd></div>
<div><dt>Workers</dt><dd>at most ${many(room.workers)}</dd></div>
<div><dt>At once</dt><dd>${plural(room.runsAtOnce, "run")}; ${figure(room.runsThatFit)} would fit</dd></div>
<div><dt>An hour</dt><dd>${usd(room.asked.usdPerHour)} for such a run, ${usd(room.available.usdPerHour)} for all there may be</dd></div>
${room.preWarmed && html`<div><dt>Kept warm</dt><dd>1 driver, ${plural(room.preWarmed.executors, "executor")}: ${usd(room.preWarmed.usdPerHour)} an hour while started</dd></div>`}
</dl></section>`;
}

function bar(room: Headroom, title: string, key: keyof PricedResources, unit: string): Markup {
  const [asked, available, left] = [room.asked[key], room.available[key], room.headroom[key]];
  const width = available === 0 ? 0 : (100 * asked) / available;
  return html`<div class="bar"><dt>${title}<span>${percent(left, available)} left</span></dt><dd><span class="meter" aria-hidden="true"><span style="width:${width.toFixed(2)}%"></span></span><span class="amounts"><span><b>${figure(asked)}${unit}</b> asked</span><span><b>${figure(left)}${unit}</b> left</span><span>of <b>${figure(available)}${unit}</b></span></span></dd></div>
`;
}

function size({ vcpu, memoryGb, diskGb }: Resources): string {
  return `${vcpu} vCPU, ${memoryGb} GB, ${diskGb} GB disk`;
}

function many({ count, worker }: Workers): string {
  return `${figure(count)} of ${size(worker)}`;
}
