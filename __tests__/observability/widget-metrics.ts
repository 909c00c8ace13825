/** The metrics of a dashboard's widgets, out of the arrays that CloudWatch takes. */
import type { Metric } from "../../src/observability/aws-metrics";
import type { Block } from "../support/synth";

/** One metric, out of its namespace, its name, and its dimensions' names and values in turn. */
export function metricIn(cells: readonly Block[]): Metric {
  const [namespace, name, ...rest] = cells;
  const pairs = rest.filter((one) => typeof one === "string");
  const dimensions = Object.fromEntries(
    Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i], pairs[2 * i + 1]]),
  );
  return { namespace, name, dimensions };
}

/** Those of all the widgets, in their order. */
export function metricsOf(widgets: readonly { readonly properties: Block }[]): Metric[] {
  return widgets.flatMap(({ properties }) =>
    ((properties.metrics ?? []) as Block[][]).map(metricIn),
  );
}
