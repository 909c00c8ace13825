/**
 * Widgets of a CloudWatch dashboard, and where they stand on its grid of 24 columns.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
import type { Metric } from "./aws-metrics";

const COLUMNS = 24;
/** Alarms that one widget shows at most. */
const MOST_ALARMS = 100;

/** A widget before it has its place. */
export interface Widget {
  readonly type: "text" | "metric" | "alarm";
  /** Columns. */
  readonly width: number;
  /** Of the grid's unit. */
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** As the dashboard's body holds it. */
export interface PlacedWidget extends Widget {
  readonly x: number;
  readonly y: number;
}

/** A line in a graph. */
export interface Line {
  readonly metric: Metric;
  readonly label: string;
}

export interface Graph {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly stat: "Sum" | "Maximum" | "Average";
  readonly periodSeconds: number;
  /** Since when, such as `-P30D`. @default the dashboard's own range */
  readonly start?: string;
  /** `bar`: one amount a period, side by side; `singleValue`: the latest as a number. */
  readonly view?: "timeSeries" | "bar" | "singleValue";
  readonly isStacked?: boolean;
  /** A line across at a value that must not be passed. */
  readonly limit?: { readonly value: number; readonly label: string } | undefined;
  readonly unit?: string;
}

/** A graph of metrics of one region. */
export function graph(region: string, width: number, height: number, of: Graph): Widget {
  return {
    type: "metric",
    width,
    height,
    properties: {
      title: of.title,
      region,
      view: of.view === "bar" ? "timeSeries" : (of.view ?? "timeSeries"),
      stacked: of.isStacked ?? of.view === "bar",
      stat: of.stat,
      period: of.periodSeconds,
      ...(of.start && { start: of.start }),
      metrics: of.lines.map(({ metric, label }) => [
        metric.namespace,
        metric.name,
        ...Object.entries(metric.dimensions).flat(),
        { label },
      ]),
      ...(of.view !== "singleValue" && {
        yAxis: { left: { min: 0, ...(of.unit && { label: of.unit, showUnits: false }) } },
      }),
      ...(of.limit && { annotations: { horizontal: [of.limit] } }),
    },
  };
}

export function text(width: number, height: number, markdown: string): Widget {
  return { type: "text", width, height, properties: { markdown } };
}

/** The states of alarms, those in ALARM first; as many widgets as they need. */
export function alarmStates(
  width: number,
  height: number,
  title: string,
  arns: readonly string[],
): Widget[] {
  const widgets = Math.ceil(arns.length / MOST_ALARMS);
  return Array.from({ length: widgets }, (_, index) => ({
    type: "alarm",
    width,
    height,
    properties: {
      title: widgets === 1 ? title : `${title}, ${index + 1} of ${widgets}`,
      sortBy: "stateUpdatedTimestamp",
      alarms: arns.slice(index * MOST_ALARMS, (index + 1) * MOST_ALARMS),
    },
  }));
}

/** Rows under each other, the widgets of a row beside each other until it is full. */
export function layOut(rows: readonly (readonly Widget[])[]): PlacedWidget[] {
  const placed: PlacedWidget[] = [];
  let y = 0;
  for (const row of rows) {
    let x = 0;
    let height = 0;
    for (const widget of row) {
      if (x + widget.width > COLUMNS) {
        y += height;
        [x, height] = [0, 0];
      }
      placed.push({ ...widget, x, y });
      x += widget.width;
      height = Math.max(height, widget.height);
    }
    y += height;
  }
  return placed;
}
