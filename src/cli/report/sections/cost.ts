/** The month's estimate, by service and line. */
import type { Estimate } from "../../../config/cost";
import type { Line } from "../../../config/costs/line";
import { plural } from "../../terminal";
import { html, type Markup } from "../html";
import { figure, percent, usd } from "../words";

/** The least that is worth a line: half a cent. */
const CENT = 0.005;

export function costSection(estimate: Estimate): Markup {
  const { totalUsd, budgetUsd, prices, region, lines } = estimate;
  const billed = lines.filter((line) => line.usd >= CENT);
  const rest = lines.filter((line) => line.usd < CENT);
  const services = [...new Set(billed.map(({ service }) => service))]
    .map((service) => {
      const own = billed.filter((line) => line.service === service);
      return { service, own, sum: own.reduce((sum, line) => sum + line.usd, 0) };
    })
    .sort((a, b) => b.sum - a.sum);
  const over = totalUsd > budgetUsd;
  return html`<section id="cost"><h2>Cost</h2>
<p class="lead"><b class="total">${usd(totalUsd)}</b> a month, ${over ? html`<strong class="bad">▲ over</strong> the budget of` : html`${percent(totalUsd, budgetUsd)} of the budget of`} ${usd(budgetUsd)}.</p>
<div class="services">${services.map((one) => service(one, totalUsd))}</div>
${rest.length > 0 && html`<details><summary>Less than half a cent each: ${plural(rest.length, "line")}</summary><p class="note">${rest.map((line) => `${line.service} ${line.item}`).join("; ")}.</p></details>`}
<p class="note">Prices of ${prices.region} as of ${prices.asOf}${region === prices.region ? "" : `, not those of ${region}, where this lake is`}; free tiers are not taken off.</p></section>`;
}

interface Service {
  readonly service: string;
  readonly own: readonly Line[];
  readonly sum: number;
}

/** Opens to the lines that the sum is made of. */
function service({ service: name, own, sum }: Service, total: number): Markup {
  return html`<details class="service"><summary><span class="name">${name}</span> <span class="meter" aria-hidden="true"><span style="width:${((100 * sum) / total).toFixed(2)}%"></span></span> <span class="number">${figure(sum, 2)}</span></summary>
<table><caption>${name}, USD a month</caption><tbody>${own.map(
    ({ item, quantity, unit, usdPerUnit, usd: each, basis }) =>
      html`<tr><th scope="row">${item}<small>${amount(quantity)} × ${unit} at ${price(usdPerUnit)}: ${basis}</small></th><td class="number">${figure(each, 2)}</td></tr>
`,
  )}</tbody></table></details>
`;
}

function amount(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}

function price(value: number): string {
  return `$${value.toLocaleString("en-US", { maximumSignificantDigits: 6 })}`;
}
