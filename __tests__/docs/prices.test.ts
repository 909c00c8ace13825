/** docs/prices.md is the table of prices, written down: `npx vitest run --project unit __tests__/docs -u` writes it. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { PAGES, PRICES, PRICES_OF } from "../../src/config/prices";
import { ROOT } from "../support/lake";

it("docs/prices.md says what src/config/prices.ts says", async () => {
  const rows = Object.entries(PRICES).map(([name, { service, usd, unit, page }]) => {
    const { aws, read, stated } = PAGES[page];
    const source = [`[AWS](${aws})`, ...read.map((one) => `[read](${one})`)].join(", ");
    return `| ${service} | \`${name}\` | ${usd} | ${unit} | ${source} | ${stated ?? "no date found"} |`;
  });
  const text = `# Prices

<!-- Written from src/config/prices.ts: npx vitest run --project unit __tests__/docs -u -->

USD in ${PRICES_OF.region}, looked up on ${PRICES_OF.asOf}: first tier, on demand, no free tier, no discount. AWS's own pages fill in their tables by script and have no date: "read" are the pages whose number was read, "stated" the date that the first of them gives itself. Where no page or no date was found, the number is AWS's own as it is commonly quoted: look at it first when a bill differs.

| Service | Price | USD | for one | Source | Stated |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
  await expect(text).toMatchFileSnapshot(join(ROOT, "docs", "prices.md"));
});
