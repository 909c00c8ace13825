/** What this machine has beside programs: packages, disk, the local AWS. */
import { CUSTOMARY_PORT } from "../../local/local-aws";
import type { LocalStatus } from "../../local/local-record";
import { DOWNLOADS_MB } from "../../local/python-environment";
import { bytes } from "../terminal";
import { type Finding, lack, ok, warning } from "./finding";

/** Bytes that logs, plans and a run's data take. */
const WORK_BYTES = 0.5e9;
/** Bytes of `.venv` with what pip downloads for it, and of the provider with its zip. */
const VENV_BYTES = 1.3e9;
const PROVIDER_BYTES = 0.9e9;

/** `.venv` and Spark's jars, which the first start makes. */
export function packagesFinding(prepared: boolean): Finding {
  const topic = "Python packages";
  return prepared
    ? ok(topic, ".venv and Spark's jars are up to date")
    : warning(
        topic,
        ".venv or Spark's jars are not made, or of other requirements",
        `the local AWS runs in it; the next start downloads it (about ${DOWNLOADS_MB.packages + DOWNLOADS_MB.jars} MB), once`,
        ["npm start"],
      );
}

/** Whether what is still to be downloaded has room. */
export function diskFinding(
  free: number,
  folder: string,
  lacks: { readonly venv: boolean; readonly provider: boolean },
): Finding {
  const needed = WORK_BYTES + (lacks.venv ? VENV_BYTES : 0) + (lacks.provider ? PROVIDER_BYTES : 0);
  const what = `${bytes(free)} free in ${folder}`;
  if (free >= needed) return ok("Disk", what);
  const parts = [
    ...(lacks.venv ? [`.venv ${bytes(VENV_BYTES)}`] : []),
    ...(lacks.provider ? [`the AWS provider ${bytes(PROVIDER_BYTES)}`] : []),
    `work ${bytes(WORK_BYTES)}`,
  ];
  return lack(true, "Disk", `${what}, and ${bytes(needed)} are needed`, `for ${parts.join(", ")}`, [
    "make room there, or move the project to a larger disk",
  ]);
}

/** The local AWS that `lake local up` keeps; `needed` by what is deployed to it. */
export function localAwsFinding(
  status: LocalStatus,
  needed: boolean,
  customaryPortTaken: boolean,
): Finding {
  const topic = "Local AWS";
  const why = "the environment local is deployed to it";
  switch (status.state) {
    case "running":
      return status.record.ready
        ? ok(topic, `runs at ${status.record.endpoint} (process ${status.record.pid})`)
        : warning(topic, "is being set up by another `lake local up`", why, ["wait for it"]);
    case "silent":
      return lack(
        needed,
        topic,
        `process ${status.record.pid} does not answer at ${status.record.endpoint}`,
        why,
        ["npx lake local down", "npx lake local up"],
      );
    default: {
      const port = customaryPortTaken
        ? `; port ${CUSTOMARY_PORT} is another program's, it will take a free one`
        : "";
      if (!needed) return ok(topic, `not running, and npm start needs none${port}`);
      return lack(true, topic, `not running${port}`, why, ["npx lake local up"]);
    }
  }
}
