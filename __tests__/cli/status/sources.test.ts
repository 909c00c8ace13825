import { NoSuchKey } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, test, vi } from "vitest";
import { freshness } from "../../../src/cli/status/sources";
import { asked, awsWith, HOUR_MS } from "./aws";

afterEach(() => vi.restoreAllMocks());

describe("a source", () => {
  const DAYS = [
    "year=2025/month=12/day=31",
    "year=2026/month=01/day=02",
    "year=2026/month=01/day=10",
  ];
  const FILES = DAYS.map((day, at) => ({
    Key: `processed/flights/${day}/a.parquet`,
    LastModified: new Date(at * HOUR_MS),
  }));
  const listing = ({ Prefix, Delimiter }: { Prefix: string; Delimiter?: string }) => {
    const found = FILES.filter(({ Key }) => Key.startsWith(Prefix));
    if (Delimiter === undefined) return { Contents: found };
    const folders = found.map(({ Key }) => `${Prefix}${Key.slice(Prefix.length).split("/")[0]}/`);
    return { CommonPrefixes: [...new Set(folders)].map((folder) => ({ Prefix: folder })) };
  };

  test("of an Iceberg table is as fresh as its last commit that brought rows", async () => {
    const metadata = {
      snapshots: [{ "snapshot-id": 1, "timestamp-ms": 1, summary: { "added-records": "2" } }],
      "snapshot-log": [{ "snapshot-id": 1, "timestamp-ms": 5000 }],
    };
    awsWith({
      ListObjectsV2: listing,
      GetTables: ({ DatabaseName }: { DatabaseName: string }) => ({
        TableList: [
          { Name: "flights", Parameters: { metadata_location: `s3://b/${DatabaseName}/m.json` } },
        ],
      }),
      GetObject: ({ Bucket, Key }: { Bucket: string; Key: string }) => {
        if (`${Bucket}/${Key}` !== "b/lake_processed_qa/m.json")
          throw new NoSuchKey({ message: "none", $metadata: {} });
        return { Body: { transformToString: async () => JSON.stringify(metadata) } };
      },
    });
    expect((await asked()).sources).toEqual([
      {
        ...{ source: "flights", lastWrite: new Date(5000), newestDay: "2026-01-10" },
        state: "unwatched",
      },
    ]);
  });

  test("of the plain layout is as fresh as the newest day's newest file, or a run since", async () => {
    const sources = { flights: { format: "json", layout: "parquet", expected_every_hours: 24 } };
    awsWith({ ListObjectsV2: listing });
    expect((await asked({ sources })).sources).toMatchObject([
      { lastWrite: new Date(2 * HOUR_MS), newestDay: "2026-01-10", state: "late" },
    ]);
    const endedAt = new Date();
    const summary = {
      ...{ partitions: ["2025-12-31"], seconds: 1, rows_read: 1, rows_written: 1 },
      ...{ rows_quarantined: 0, files_read: 1, files_written: 1, bytes_read: 1, bytes_written: 1 },
    };
    awsWith({
      ListObjectsV2: listing,
      ListExecutions: ({ statusFilter }: { statusFilter?: string }) => ({
        executions: statusFilter
          ? []
          : [
              {
                ...{ executionArn: "e", name: "e", status: "SUCCEEDED" },
                ...{ startDate: endedAt, stopDate: endedAt },
              },
            ],
      }),
      DescribeExecution: () => ({ input: '{"batch":{"source":"flights"}}' }),
      GetObject: () => ({
        Body: { transformToByteArray: async () => Buffer.from(JSON.stringify(summary)) },
      }),
    });
    expect((await asked({ sources })).sources).toMatchObject([
      { lastWrite: endedAt, newestDay: "2026-01-10", state: "fresh" },
    ]);
  });

  test.each([
    [1, 1, "fresh"],
    [1.001, 1, "late"],
    [undefined, 1, "late"],
    [99, undefined, "unwatched"],
    [undefined, undefined, "empty"],
  ])("written %s hours ago, with %s expected, is %s", (hours, expected, state) => {
    const now = new Date(1000 * HOUR_MS);
    const lastWrite = hours === undefined ? undefined : new Date(now.getTime() - hours * HOUR_MS);
    expect(freshness(lastWrite, expected, now)).toBe(state);
  });
});
