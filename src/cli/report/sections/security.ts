/** The posture: controls as shares, facts as values. */
import { html, type Markup } from "../html";
import type { Control, Posture } from "../posture";

export function securitySection({ controls, facts }: Posture): Markup {
  return html`<section id="security"><h2>Security</h2>
<p class="lead">Counted in the synthesized stack: what Terraform would make, not what is meant.</p>
<ul class="controls">${controls.map(controlItem)}</ul>
<dl class="facts">${facts.map(
    ({ what, value, note }) =>
      html`<div><dt>${what}</dt><dd><b>${value}</b>${note && html` <small>${note}</small>`}</dd></div>`,
  )}</dl></section>`;
}

function controlItem({ what, holds, of, without, note }: Control): Markup {
  const [sign, state] = holds === of ? ["✓", "all"] : holds === 0 ? ["○", "none"] : ["◐", "some"];
  const but = holds > 0 && without.length > 0 ? `not ${without.join(", ")}` : undefined;
  const words = [but, note].filter((part) => part !== undefined).join("; ");
  return html`<li class="${state}"><span class="sign" aria-hidden="true">${sign}</span><span><b>${holds} of ${of}</b> ${what}${words !== "" && html`<small>${words}</small>`}</span></li>
`;
}
