/** Checkov over the plan of every stack, with what is skipped and why. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Section } from "../section";
import { writePlans } from "./plans";
import { prepareCheckov, scan } from "./scan";
import { SKIPS } from "./skips";
import { findingInWords, judge } from "./verdict";

/**
 * Makes the plans and has Checkov look at them.
 * @param say told what is being done
 */
export async function checkovSection(say: (text: string) => void): Promise<Section> {
  const python = await prepareCheckov(say);
  const folder = mkdtempSync(join(tmpdir(), "plans-"));
  try {
    say("Terraform plans every stack against a local AWS");
    const stacks = await writePlans(folder);
    say(`Checkov looks at ${stacks.length} plans`);
    const verdict = judge(await scan(python, folder, stacks), SKIPS);
    const skips = SKIPS.map((skip) => [skip, verdict.skipped.get(skip) ?? 0] as const);
    const skipped = skips.reduce((sum, [, count]) => sum + count, 0);
    return {
      title: "Checkov",
      lines: [
        `plans of ${stacks.length} stacks: checks passed ${verdict.passed}, skipped ${skipped} with ${skips.length} reasons, failed ${verdict.failed.length}`,
        ...skips.map(
          ([{ check, addresses, reason }, count]) =>
            `skipped ${check} ${count} times, on ${names(addresses)}: ${reason}`,
        ),
      ],
      faults: [
        ...verdict.failed.map(findingInWords),
        ...verdict.stale.map((one) => `skips.ts: ${one} is stale: it skips nothing`),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of one type each: the type is said once. */
function names(addresses: readonly string[]): string {
  const [type = ""] = addresses[0]?.split(".") ?? [];
  return `${type}.${addresses.map((address) => address.slice(type.length + 1)).join(", ")}`;
}
