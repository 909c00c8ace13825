/** The README's picture is the synthesized graph, drawn: `npm run picture` draws it. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { architectureOf } from "../../src/cli/report/architecture";
import { StackGraph } from "../../src/cli/report/graph";
import { NARROW, standalone, WIDE } from "../../src/cli/report/picture";
import { lakeWith, ROOT } from "../support/lake";

/** Every option that adds something to be seen; no environment of env/, which are for people to change. */
const FULL = {
  enable_vpc: true,
  sources: {
    events: { format: "json", expected_every_hours: 24, expected_minutes: 60 },
    plain: { format: "json", layout: "parquet" },
  },
};

it.each([
  ["architecture.svg", WIDE],
  ["architecture-narrow.svg", NARROW],
])("docs/%s is what is synthesized; where it is not: npm run picture", async (file, format) => {
  const { lake } = lakeWith(FULL);
  const architecture = architectureOf(new StackGraph(JSON.parse(lake.text)));
  const title = "How data goes through the lake";
  const note = "Drawn from the synthesized stack: npm run picture";
  const drawn = standalone(architecture, title, format, note);
  await expect(drawn).toMatchFileSnapshot(join(ROOT, "docs", file));
});
