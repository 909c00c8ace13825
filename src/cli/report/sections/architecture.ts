/** The picture, and the same in words. */
import { plural } from "../../terminal";
import type { Architecture, Box } from "../architecture";
import type { Resource } from "../graph";
import { html, type Markup } from "../html";
import { NARROW, picture, WIDE } from "../picture";

export function architectureSection(architecture: Architecture, name: string): Markup {
  const title = `How data goes through ${name}; the same in words below`;
  return html`<section id="architecture"><h2>Architecture</h2>
<p class="lead">Drawn from the synthesized stack: boxes are resources, arrows are references and what roles may do.</p>
<figure>${picture(architecture, title, WIDE)}${picture(architecture, title, NARROW)}</figure>
${unknown(architecture.unknown)}
<details><summary>The same in words</summary><ul class="words">${architecture.boxes.map((box) => inWords(box, architecture))}</ul></details></section>`;
}

function inWords(box: Box, { boxes, arrows }: Architecture): Markup {
  const nameOf = (id: string) => titleOf(boxes.find((one) => one.id === id) ?? box);
  const out = arrows.filter(({ from }) => from === box.id);
  const parts = new Map<string, number>();
  for (const { type } of box.parts) parts.set(type, (parts.get(type) ?? 0) + 1);
  return html`<li><b>${titleOf(box)}</b>${box.detail && html` <small>${box.detail}</small>`}${out.map(({ verb, to }) => html`<br>${verb} ${nameOf(to)}`)}${parts.size > 0 && html`<br><small>with ${[...parts].map(([type, count]) => (count > 1 ? `${count} × ${type}` : type)).join(", ")}</small>`}</li>
`;
}

function titleOf({ kind, resources }: Box): string {
  return `${kind.word} ${resources.map(({ name }) => name.replaceAll("_", " ")).join(", ")}`;
}

function unknown(resources: readonly Resource[]): Markup | undefined {
  if (resources.length === 0) return undefined;
  return html`<p class="note"><b>Not drawn</b>, for the picture does not know the type of ${plural(resources.length, "resource")}: ${resources.map(({ address }) => address).join(", ")}.</p>`;
}
