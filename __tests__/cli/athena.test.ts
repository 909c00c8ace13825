/** What `lake query` asks Athena for is what it was given. */
import { AthenaClient } from "@aws-sdk/client-athena";
import { afterEach, expect, test, vi } from "vitest";
import { queryAthena } from "../../src/cli/athena";
import { HOSTILE } from "../security/injection/hostile";
import { answering } from "./support/fake-clients";
import { QA } from "./support/target";

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
  await queryAthena(QA, sql, new AbortController().signal);
  expect(asked).toEqual([
    {
      QueryString: sql,
      WorkGroup: QA.names.workgroup.lake,
      QueryExecutionContext: { Database: QA.names.database.processed },
    },
  ]);
});
