/** An environment of an account that no test asks. */
import type { Target } from "../../../src/cli/target";
import { namingOf } from "../../../src/config/naming-of";
import { variablesSchema } from "../../../src/config/schema";
import { physicalNames } from "../../../src/naming";

/** The environment `qa` with these variables; one source, `flights`, unless they name others. */
export function qaTarget(variables: Readonly<Record<string, unknown>> = {}): Target {
  const environment = {
    name: "qa",
    variables: variablesSchema.parse({
      project: "lake",
      account_id: "123456789012",
      sources: { flights: { format: "json" } },
      ...variables,
    }),
  };
  return {
    environment,
    names: physicalNames(namingOf(environment)),
    client: { region: "us-east-1" },
    env: {},
    isLocal: true,
  };
}

/** The same with what every environment has by default. */
export const QA = qaTarget();
