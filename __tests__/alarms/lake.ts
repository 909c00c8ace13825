/** The lake whose alarms are driven: the local one, with one source of which everything is expected. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../src/local/paths";
import { type DeployedLake, deployLake } from "../e2e/support/deployed-lake";
import { MINUTE_SECONDS } from "./steps";

export const SOURCE = "orders";

const DECLARED = `sources = {
  ${SOURCE} = {
    format                    = "json"
    max_quarantined_percent   = 60
    alarm_quarantined_percent = 20
    expected_every_hours      = 1
    expected_minutes          = 1
  }
}`;

export function deployWatchedLake(): Promise<DeployedLake> {
  const local = readFileSync(join(ROOT, "env", "local.tfvars"), "utf8");
  const tfvars = local.replace(/^sources = \{[\s\S]*?^\}/m, DECLARED);
  if (tfvars === local) throw new Error("env/local.tfvars: expected a block of sources");
  return deployLake(tfvars, { minute: MINUTE_SECONDS });
}
