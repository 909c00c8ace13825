/** What AWS supports no longer, or not for long, and what is too old to be seen. */
import type { Environment } from "../../config/environment";
import { lambdaSupport, supportState, supportWords } from "../../config/support";
import { LAMBDA_RUNTIME } from "../../lambda-runtime";
import { releaseAdvice } from "../releases";
import { type Finding, ok, warning } from "./finding";

/** One finding for each release, and more where more is wrong with it. */
export function releaseFindings(environments: readonly Environment[], today: Date): Finding[] {
  const topic = "EMR release";
  const releases = new Set(environments.map(({ variables }) => variables.emr_release_label));
  return [...releases].flatMap((release) => {
    const those = environments.filter(({ variables }) => variables.emr_release_label === release);
    const names = those.map(({ name }) => name).join(", ");
    const advice = releaseAdvice(release, today);
    return advice.length === 0
      ? [ok(topic, `${release} (${names})`)]
      : advice.map(({ what, why, remedy }) => warning(topic, `${what} (${names})`, why, remedy));
  });
}

export function lambdaFinding(today: Date, runtime: string = LAMBDA_RUNTIME): Finding {
  const topic = "Lambda runtime";
  const end = lambdaSupport(runtime);
  if (end === undefined || supportState(end, today) === "supported") return ok(topic, runtime);
  return warning(
    topic,
    `${runtime}: AWS's support ${supportWords(end, today)}`,
    "two months later the functions can no longer be changed",
    ["a later one in src/lambda-runtime.ts, then deploy"],
  );
}
