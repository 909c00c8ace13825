/** What stands after ENV and is no option of lake's own. */
import { Failure } from "../../local/failure";

/** Options of `cdktf deploy` for what comes after the apply; `true` where a value follows. */
const AFTER: Readonly<Record<string, boolean>> = {
  "--outputs-file": true,
  "--outputs-file-include-sensitive-outputs": false,
};
/** Options of `cdktf deploy` that say nothing where one stack is planned first and then applied. */
const IDLE: Readonly<Record<string, boolean>> = {
  "--ignore-missing-stack-dependencies": false,
  "--parallelism": true,
  "--skip-synth": false,
};

/** The options, by who takes them. */
export interface Handed {
  readonly plan: readonly string[];
  /** For `cdktf output`, after the apply. */
  readonly output: readonly string[];
}

/**
 * Sorts options of `cdktf deploy`: those of the plan, and those of what follows the apply.
 * @throws Failure for words that are no option: more than one environment, say
 */
export function handedOn(words: readonly string[]): Handed {
  const plan: string[] = [];
  const output: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const [name = "", value] = (words[at] ?? "").split(/=(.*)/s);
    if (at === 0 && !name.startsWith("-"))
      throw new Failure(
        `"${words[at]}": one environment at a time, and nothing but options after it`,
      );
    const to = name in AFTER ? output : name in IDLE ? [] : plan;
    to.push(words[at] ?? "");
    if ((AFTER[name] ?? IDLE[name]) === true && value === undefined && at + 1 < words.length) {
      at += 1;
      to.push(words[at] ?? "");
    }
  }
  return { plan, output };
}
