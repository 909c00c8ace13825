/** What `lake query` asks Athena for is what it was given. */
import { AthenaClient } from "@aws-sdk/client-athena";
import { afterEach, expect, test, vi } from "vitest";
import { queryAthena } from "../../src/cli/athena";
import type { Target } from "../../src/cli/target";
import { namingOf } from "../../src/config/naming-of";
import { variablesSchema } from "../../src/config/schema";
import { physicalNames } from "../../src/naming";
import { HOSTILE } from "../security/injection/hostile";
import { answering } from "./support/fake-clients";

const environment = {
  name: "qa",
  variables: variablesSchema.parse({
    account_id: "123456789012",
    sources: { flights: { format: "json" } },
  }),
};
const target: Target = {
  environment,
  names: physicalNames(namingOf(environment)),
  client: { region: "us-east-1" },
  env: {},
  isLocal: true,
};

afterEach(() => vi.restoreAllMocks());

test.each(Object.entries(HOSTILE))("SQL is sent as it is: %s", async (_, sql) => {
  const asked: unknown[] = [];
  const { send } = answering({} as AthenaClient, {
    StartQueryExecution: (input) => {
      asked.push(input);
      return { QueryExecutionId: "id" };
    },
    GetQueryExecution: () => ({
      QueryExecution: { StatementType: "DML", Status: { State: "SUCCEEDED" } },
    }),
    GetQueryResults: () => ({ ResultSet: { Rows: [] } }),
  });
  vi.spyOn(AthenaClient.prototype, "send").mockImplementation(send as never);
  await queryAthena(target, sql, new AbortController().signal);
  expect(asked).toEqual([
    {
      QueryString: sql,
      WorkGroup: target.names.workgroup.lake,
      QueryExecutionContext: { Database: target.names.database.processed },
    },
  ]);
});
