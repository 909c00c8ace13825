/** The last runs with their states, in words and shapes. */
import type { RunRecord, RunState } from "../../runs";
import { plural, seconds } from "../../terminal";
import { html, type Markup } from "../html";
import type { KnownRuns } from "../report";
import { figure, moment } from "../words";

/** A sign, a word and a tone for each state. */
export const STATES: Readonly<
  Record<RunState, readonly [sign: string, word: string, tone: string]>
> = {
  RUNNING: ["▶", "running", "running"],
  SUCCEEDED: ["✓", "succeeded", "good"],
  FAILED: ["✕", "failed", "bad"],
  TIMED_OUT: ["◷", "timed out", "bad"],
  ABORTED: ["■", "stopped", "bad"],
};

export function runsSection(known: KnownRuns, writtenAt: Date): Markup {
  return html`<section id="runs"><h2>Last runs</h2>
${"unknown" in known ? html`<p class="lead">Not known: ${known.unknown}</p>` : list(known.runs, writtenAt)}</section>`;
}

function list(runs: readonly RunRecord[], writtenAt: Date): Markup {
  if (runs.length === 0) return html`<p class="lead">None yet.</p>`;
  return html`<ol class="runs">${runs.map((run) => item(run, writtenAt))}</ol>`;
}

function item(run: RunRecord, writtenAt: Date): Markup {
  const [sign, word, tone] = STATES[run.state];
  const took = (run.endedAt ?? writtenAt).getTime() - run.startedAt.getTime();
  return html`<li class="${tone}"><span class="state"><span aria-hidden="true">${sign}</span> ${word}</span>
<span class="what"><b>${run.source ?? "no source"}</b><small>${run.name}</small></span>
<span class="when">${moment(run.startedAt)}<small>${run.endedAt ? "" : "for "}${seconds(took)}${run.currentState && ` · in ${run.currentState}`}</small></span>
<span class="wrote">${written(run)}</span>
${run.failure && html`<span class="failure"><b>${[run.failure.state, run.failure.error].filter(Boolean).join(": ")}</b> ${run.failure.cause}</span>`}</li>
`;
}

function written({ summary, days, state }: RunRecord): Markup {
  if (!summary)
    return html`<small>${days ? plural(days.length, "day") : state === "RUNNING" ? "" : "nothing written"}</small>`;
  return html`${plural(summary.rows_written, "row")}<small>${figure(summary.rows_quarantined)} quarantined</small>`;
}
