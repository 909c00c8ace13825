/** What to say of an EMR release that AWS supports no longer, or not for long. */
import { variablesSchema } from "../config/schema";
import { EMR_SUPPORT_PAGE, emrSupport, supportState, supportWords } from "../config/support";

/** A release whose support ends: what is wrong, and what mends it. */
export interface ReleaseAdvice {
  readonly what: string;
  readonly remedy: readonly string[];
}

/** Undefined where nothing is to be said. */
export function releaseAdvice(release: string, today: Date): ReleaseAdvice | undefined {
  const end = emrSupport(release);
  if (end === undefined || supportState(end, today) === "supported") return undefined;
  const wanted = variablesSchema.parse({}).emr_release_label;
  return {
    what: `${release}: AWS's support ${supportWords(end, today)}`,
    remedy: [
      ...(wanted === release ? [] : [`set emr_release_label = "${wanted}"`]),
      `the days of support: ${EMR_SUPPORT_PAGE}`,
    ],
  };
}
