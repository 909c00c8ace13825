import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  type CallRecord,
  fetchCalls,
  keepCalls,
  type RecordedCall,
} from "../e2e/support/recorded-calls";
import { folderWith } from "../support/folder";

const CALL: RecordedCall = {
  role: "arn:aws:iam::123456789012:role/lake/trigger",
  action: "s3:GetObject",
  resource: "arn:aws:s3:::lake-etl/config/sources.json",
  context: {},
  count: 2,
};

/** A local AWS that answers every request so. */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("calls are fetched", async () => {
  expect(await fetchCalls(await answering(200, JSON.stringify([CALL])))).toEqual([CALL]);
});

test("a refusal says what was asked and what came back", async () => {
  const endpoint = await answering(400, "no such thing");
  await expect(fetchCalls(endpoint)).rejects.toThrow(
    `GET ${endpoint}/emulator/calls: 400 no such thing`,
  );
});

test("calls are kept with the stacks that made them, where a folder is named", () => {
  const stack = { resource: { aws_iam_role: {} } };
  const folder = folderWith({ "stacks/data-lake-local/cdk.tf.json": JSON.stringify(stack) });

  vi.stubEnv("LAKE_CALLS", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  keepCalls([CALL], join(folder, "stacks"));

  const kept = join(folder, "kept");
  vi.stubEnv("LAKE_CALLS", kept);
  keepCalls([], join(folder, "stacks"));
  keepCalls([CALL], join(folder, "stacks"));
  keepCalls([CALL], join(folder, "never-synthesized"));
  const records = readdirSync(kept)
    .map((name) => JSON.parse(readFileSync(join(kept, name), "utf8")) as CallRecord)
    .sort((a, b) => Object.keys(b.stacks).length - Object.keys(a.stacks).length);
  expect(records).toEqual([
    { stacks: { "data-lake-local": stack }, calls: [CALL] },
    { stacks: {}, calls: [CALL] },
  ]);
});
