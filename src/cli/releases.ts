/** What to say of an EMR release that AWS supports no longer, or that the alarms do not see. */
import { variablesSchema } from "../config/schema";
import {
  EMR_METRICS_PAGE,
  EMR_SUPPORT_PAGE,
  emrSupport,
  hasMetricsByName,
  supportState,
  supportWords,
} from "../config/support";

/** Something that is wrong with a release: what, what comes of it, and what mends it. */
export interface ReleaseAdvice {
  readonly what: string;
  readonly why: string;
  readonly remedy: readonly string[];
}

/** Empty where nothing is to be said. */
export function releaseAdvice(release: string, today: Date): ReleaseAdvice[] {
  const wanted = variablesSchema.parse({}).emr_release_label;
  const remedy = wanted === release ? [] : [`set emr_release_label = "${wanted}"`];
  const advice: ReleaseAdvice[] = [];
  const end = emrSupport(release);
  if (end !== undefined && supportState(end, today) !== "supported")
    advice.push({
      what: `${release}: AWS's support ${supportWords(end, today)}`,
      why: "no fixes come from then on; its end of life is a year later",
      remedy: [...remedy, `the days of support: ${EMR_SUPPORT_PAGE}`],
    });
  if (!hasMetricsByName(release))
    advice.push({
      what: `${release}: its metrics have no ApplicationName, which the alarms of EMR Serverless and the dashboard ask for: they see nothing`,
      why: "EMR Serverless has it from emr-7.10.0 on",
      remedy: [...remedy, `the metrics by release: ${EMR_METRICS_PAGE}`],
    });
  return advice;
}
