/** What stands after ENV and is no option of lake's own: the options of cdktf 0.21. */

import { nearest } from "../../config/suggest";
import { Failure } from "../../local/failure";

/** Who takes an option: `cdktf plan`; `cdktf output`, after the apply; nobody, as it says nothing. */
type Taker = "plan" | "output" | "nobody" | "refused";

/** Options of `cdktf plan`, `deploy` and `destroy`; whether a value follows; and who takes them. */
const OPTIONS: Readonly<Record<string, { readonly taker: Taker; readonly value?: true }>> = {
  "--refresh-only": { taker: "plan" },
  "--terraform-parallelism": { taker: "plan", value: true },
  "--no-color": { taker: "plan" },
  "--migrate-state": { taker: "plan" },
  "--skip-provider-lock": { taker: "plan" },
  "--disable-plugin-cache-env": { taker: "plan" },
  "--outputs-file": { taker: "output", value: true },
  "--outputs-file-include-sensitive-outputs": { taker: "output" },
  // One stack is planned and then applied, and always from a synthesis of its own.
  "--ignore-missing-stack-dependencies": { taker: "nobody" },
  "--parallelism": { taker: "nobody", value: true },
  "--skip-synth": { taker: "nobody" },
  "--app": { taker: "refused", value: true },
  "-a": { taker: "refused", value: true },
  "--output": { taker: "refused", value: true },
  "-o": { taker: "refused", value: true },
};

/** Options of lake's own, for "did you mean". */
const OWN = ["--var", "--var-file", "--allow-replace", "--wait", "--auto-approve"];

/** The options, by who takes them. */
export interface Handed {
  readonly plan: readonly string[];
  /** For `terraform apply`. */
  readonly apply: readonly string[];
  /** For `cdktf output`, after the apply. */
  readonly output: readonly string[];
  readonly noColor: boolean;
}

/**
 * Sorts options of cdktf by who takes them. cdktf itself passes over what it does not know.
 * @throws Failure for an option that nobody takes, and for words that are no option
 */
export function handedOn(words: readonly string[]): Handed {
  const taken: Record<Taker, string[]> = { plan: [], output: [], nobody: [], refused: [] };
  const apply: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const [name = "", attached] = word.split(/=(.*)/s);
    const option = OPTIONS[name];
    if (option === undefined || option.taker === "refused") throw unknown(word, name, option);
    taken[option.taker].push(word);
    if (!option.value) continue;
    const value = attached ?? words[++at];
    if (value === undefined) throw new Failure(`option '${name}': a value has to follow`);
    if (attached === undefined) taken[option.taker].push(value);
    if (name === "--terraform-parallelism") apply.push(`-parallelism=${value}`);
  }
  const noColor = taken.plan.includes("--no-color");
  return { plan: taken.plan, apply, output: taken.output, noColor };
}

function unknown(word: string, name: string, option: object | undefined): Failure {
  if (option !== undefined)
    return new Failure(
      `option '${name}': lake synthesizes with main.ts into cdktf.out. For another way:  npx cdktf deploy`,
    );
  if (!name.startsWith("-"))
    return new Failure(`"${word}": one environment at a time, and nothing but options after it`);
  const near = nearest(name, [...Object.keys(OPTIONS), ...OWN]);
  return new Failure(`unknown option '${name}'${near ? `\n(Did you mean ${near}?)` : ""}`);
}
