/** The programs of this machine. */
import {
  nodeSupport,
  type SupportEnd,
  supportState,
  supportWords,
  terraformSupport,
} from "../../config/support";
import type { ProviderSource } from "../../local/provider-mirror";
import type { Java } from "../../local/tools/java";
import type { Python } from "../../local/tools/python";
import type { Found } from "../../local/tools/search";
import type { Terraform } from "../../local/tools/terraform";
import { type Finding, fromProblem, ok, warning } from "./finding";

/** A program whose release somebody supports until some day. */
interface Release {
  readonly topic: string;
  readonly text: string;
  readonly end: SupportEnd | undefined;
  readonly remedy: readonly string[];
}

/** This very Node.js: an older one than the project takes cannot have come here. */
export function nodeFinding(version: string, path: string, today: Date): Finding {
  return supported(
    {
      topic: "Node.js",
      text: `${version} (${path})`,
      end: nodeSupport(version),
      remedy: ["with nvm: nvm install --lts", "https://nodejs.org/en/download"],
    },
    today,
  );
}

export function terraformFinding(found: Found<Terraform>, today: Date): Finding {
  if (!found.ok) return fromProblem("Terraform", true, found.problem);
  const { name, version, path } = found.tool;
  return supported(
    {
      topic: name === "tofu" ? "OpenTofu" : "Terraform",
      text: `${version} (${path})`,
      // HashiCorp's days are not OpenTofu's.
      end: name === "terraform" ? terraformSupport(version) : undefined,
      remedy: ["https://developer.hashicorp.com/terraform/install"],
    },
    today,
  );
}

export function javaFinding(found: Found<Java>, needed: boolean): Finding {
  if (!found.ok) return fromProblem("Java", needed, found.problem);
  return ok("Java", `${found.tool.version} (${found.tool.home})`);
}

export function pythonFinding(found: Found<Python>, needed: boolean): Finding {
  if (!found.ok) return fromProblem("Python", needed, found.problem);
  return ok("Python", `${found.tool.version} (${found.tool.path})`);
}

/** Where Terraform will have its provider from. */
export function providerFinding({ downloads, env }: ProviderSource): Finding {
  const topic = "AWS provider";
  const mirror = /-fs-mirror=(.+)/.exec(env.TF_CLI_ARGS_providers_lock ?? "")?.[1];
  if (!downloads) return ok(topic, mirror ? `a copy in ${mirror}` : "a copy on this machine");
  if (env.TF_CLI_ARGS_providers_lock !== undefined)
    return ok(topic, "from the network mirror that Terraform's configuration names");
  return warning(
    topic,
    "no copy on this machine: Terraform will download it (about 700 MB), once",
    "offline, or where registry.terraform.io is blocked, nothing can be deployed",
    ["behind a proxy: export HTTPS_PROXY=http://HOST:PORT"],
  );
}

function supported({ topic, text, end, remedy }: Release, today: Date): Finding {
  if (end === undefined || supportState(end, today) === "supported") return ok(topic, text);
  return warning(
    topic,
    `${text}: its support ${supportWords(end, today)}`,
    "it works; from then on nobody mends its faults",
    remedy,
  );
}
