/** The embedded metric format, as CloudWatch Logs reads it out of a log event. */
import Ajv from "ajv";

/**
 * The schema of the specification's page, with its patterns and lengths.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
const name = { type: "string", minLength: 1, maxLength: 1024 };
const DIRECTIVE = {
  type: "object",
  required: ["Namespace", "Dimensions", "Metrics"],
  properties: {
    Namespace: name,
    Dimensions: {
      type: "array",
      minItems: 1,
      items: {
        type: "array",
        maxItems: 30,
        items: { type: "string", minLength: 1, maxLength: 250 },
      },
    },
    Metrics: {
      type: "array",
      maxItems: 100,
      items: {
        type: "object",
        required: ["Name"],
        properties: {
          Name: name,
          Unit: { enum: ["Seconds", "Bytes", "Percent", "Count", "None"] },
          StorageResolution: { enum: [1, 60] },
        },
      },
    },
  },
};
const isDocument = new Ajv().compile({
  type: "object",
  required: ["_aws"],
  properties: {
    _aws: {
      type: "object",
      required: ["Timestamp", "CloudWatchMetrics"],
      properties: {
        Timestamp: { type: "integer" },
        CloudWatchMetrics: { type: "array", items: DIRECTIVE },
      },
    },
  },
});

/** One value of one metric, as it arrives in CloudWatch. */
export interface Extracted {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly name: string;
  readonly unit?: string;
  readonly value: number;
  readonly at: Date;
}

/** What CloudWatch Logs takes out of a line; nothing, where it is no document of the format. */
export function extracted(line: string): Extracted[] {
  const document = parsed(line);
  if (!isDocument(document)) return [];
  // biome-ignore lint/suspicious/noExplicitAny: judged by the schema
  const { _aws, ...root } = document as any;
  return _aws.CloudWatchMetrics.flatMap((directive: (typeof _aws.CloudWatchMetrics)[number]) =>
    directive.Dimensions.flatMap((set: string[]) => {
      const dimensions = Object.fromEntries(set.map((one) => [one, root[one]]));
      // A dimension is the text of a member of the root; without one the set is not published.
      if (Object.values(dimensions).some((value) => typeof value !== "string")) return [];
      return directive.Metrics.filter(
        (metric: { Name: string }) => typeof root[metric.Name] === "number",
      ).map((metric: { Name: string; Unit?: string }) => ({
        namespace: directive.Namespace,
        dimensions,
        name: metric.Name,
        unit: metric.Unit,
        value: root[metric.Name],
        at: new Date(_aws.Timestamp),
      }));
    }),
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
