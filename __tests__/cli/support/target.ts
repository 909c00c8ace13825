import type { Target } from "../../../src/cli/target";
import { namingOf } from "../../../src/config/naming-of";
import { variablesSchema } from "../../../src/config/schema";
import { physicalNames } from "../../../src/naming";

const environment = {
  name: "qa",
  variables: variablesSchema.parse({
    account_id: "123456789012",
    sources: { flights: { format: "json" } },
  }),
};

/** An environment `qa` with the source `flights`, for commands whose clients are answered for. */
export const QA: Target = {
  environment,
  names: physicalNames(namingOf(environment)),
  client: { region: "us-east-1" },
  env: {},
  isLocal: true,
};
