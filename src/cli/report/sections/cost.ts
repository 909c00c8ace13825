/** The month's estimate, by service and line. */
import type { Estimate } from "../../../config/cost";
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
<span class="meter" aria-hidden="true"><span style="width:${Math.min(100, (100 * totalUsd) / budgetUsd).toFixed(2)}%"></span></span>
<table class="cost"><caption>Every billed line of an ordinary month</caption>
<thead><tr><th scope="col">What</th><th scope="col" class="number">USD a month</th></tr></thead>
${services.map(
  ({
    service,
    own,
    sum,
  }) => html`<tbody><tr class="group"><th scope="rowgroup">${service}</th><td class="number">${figure(sum, 2)}</td></tr>
${own.map(
  ({ item, quantity, unit, usdPerUnit, usd: each, basis }) =>
    html`<tr><td>${item}<small>${amount(quantity)} × ${unit} at ${price(usdPerUnit)}: ${basis}</small></td><td class="number">${figure(each, 2)}</td></tr>
`,
)}</tbody>`,
)}
<tfoot><tr><th scope="row">Total</th><td class="number">${figure(totalUsd, 2)}</td></tr></tfoot></table>
${rest.length > 0 && html`<p class="note">Less than half a cent each: ${rest.map(({ service, item }) => `${service} ${item}`).join("; ")}.</p>`}
<p class="note">Prices of ${prices.region} as of ${prices.asOf}${region === prices.region ? "" : `, not those of ${region}, where this lake is`}; free tiers are not taken off.</p></section>`;
}

function amount(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}

function price(value: number): string {
  return `$${value.toLocaleString("en-US", { maximumSignificantDigits: 6 })}`;
}
