/**
 * Metrics by the embedded metric format: a line of the function's log, out of which CloudWatch Logs
 * takes them, so that nothing is called and nothing more is granted.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { DIMENSIONS, METRICS, type MetricName, NAMESPACE } from "./contract";

/** Values of some metrics, in the units of the contract. */
export type Values = Partial<Readonly<Record<MetricName, number>>>;

/** Metrics of one source at one moment. */
export interface Datum {
  /** The lake's name: sources of two lakes may be called alike. */
  readonly lake: string;
  readonly source: string;
  readonly at: Date;
  readonly values: Values;
  /** What stands beside them in the log, to look up where a value comes from. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** The document that CloudWatch Logs reads, as one line without its end. */
export function metricDocument({ lake, source, at, values, properties }: Datum): string {
  const [lakeDimension, sourceDimension] = DIMENSIONS;
  const names = Object.keys(values) as MetricName[];
  return JSON.stringify({
    ...properties,
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [DIMENSIONS],
          Metrics: names.map((Name) => ({ Name, Unit: METRICS[Name] })),
        },
      ],
    },
    [lakeDimension]: lake,
    [sourceDimension]: source,
    ...values,
  });
}
