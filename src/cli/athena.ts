/** One SQL statement through Athena. */
import { setTimeout as delay } from "node:timers/promises";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  InvalidRequestException,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { Failure } from "../local/failure";
import type { Column, Row } from "./table";
import type { Target } from "./target";

/** What a statement gave. */
export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly scannedBytes: number;
  readonly milliseconds: number;
}

/** Milliseconds between two looks at a running query. */
const LOOK_MS = { local: 100, aws: 700 };

/**
 * Runs the statement in the environment's workgroup and database.
 * @throws Failure with Athena's reason
 */
export async function queryAthena(
  target: Target,
  sql: string,
  signal: AbortSignal,
): Promise<QueryResult> {
  const athena = new AthenaClient(target.client);
  const started = Date.now();
  const id = await begin(athena, target, sql);
  if (id === undefined) throw new Failure("Athena gave the query no id.");
  try {
    const execution = await untilEnded(athena, id, target.isLocal, signal);
    const { columns, rows } = await results(athena, id, execution);
    return {
      columns,
      rows,
      scannedBytes: execution.Statistics?.DataScannedInBytes ?? 0,
      milliseconds: Date.now() - started,
    };
  } catch (error) {
    if (signal.aborted) await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    throw error;
  } finally {
    athena.destroy();
  }
}

async function begin(athena: AthenaClient, target: Target, sql: string) {
  try {
    const { QueryExecutionId: id } = await athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: target.names.workgroup.lake,
        QueryExecutionContext: { Database: target.names.database.processed },
      }),
    );
    return id;
  } catch (error) {
    if (error instanceof InvalidRequestException)
      throw new Failure("Athena refuses the query.", { cause: error.message });
    throw error;
  }
}

async function untilEnded(
  athena: AthenaClient,
  id: string,
  isLocal: boolean,
  signal: AbortSignal,
): Promise<QueryExecution> {
  for (;;) {
    const { QueryExecution: execution } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId: id }),
    );
    const state = execution?.Status?.State;
    if (execution && state === "SUCCEEDED") return execution;
    if (state === "FAILED" || state === "CANCELLED") {
      const reason = execution?.Status?.AthenaError?.ErrorMessage;
      throw new Failure(`The query ${state === "FAILED" ? "failed" : "was cancelled"}.`, {
        cause: execution?.Status?.StateChangeReason ?? reason ?? "Athena gave no reason",
      });
    }
    await delay(isLocal ? LOOK_MS.local : LOOK_MS.aws, undefined, { signal });
  }
}

async function results(athena: AthenaClient, id: string, execution: QueryExecution) {
  const pages = paginateGetQueryResults({ client: athena }, { QueryExecutionId: id });
  const rows: Row[] = [];
  let columns: Column[] | undefined;
  for await (const { ResultSet: set } of pages) {
    columns ??= set?.ResultSetMetadata?.ColumnInfo?.map(({ Name: name = "", Type: type = "" }) => ({
      name,
      type,
    }));
    for (const { Data: data = [] } of set?.Rows ?? []) rows.push(data.map((d) => d.VarCharValue));
  }
  if (execution.StatementType !== "DML") return cells(columns ?? [], rows);
  // The first row of a SELECT is its head.
  const names = columns?.map(({ name }) => name) ?? [];
  const hasHead = names.every((name, i) => rows[0]?.[i] === name);
  return { columns: columns ?? [], rows: hasHead ? rows.slice(1) : rows };
}

/** SHOW and DESCRIBE give no head, and a line a row: the cells in it are parted by tabs. */
function cells(columns: readonly Column[], rows: readonly Row[]) {
  const parted = rows.map((row) => (row.length === 1 ? (row[0] ?? "").split("\t") : row));
  const width = Math.max(columns.length, ...parted.map((row) => row.length));
  const filler = Array.from({ length: width - columns.length }, () => ({
    name: "",
    type: "string",
  }));
  return {
    columns: [...columns, ...filler],
    rows: parted.map((row) => Array.from({ length: width }, (_, i) => row[i]?.trim() ?? "")),
  };
}
