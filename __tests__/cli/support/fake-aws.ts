/** A server that answers as STS and S3 would, as far as a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface FakeAws {
  /** Account of the caller; without one STS refuses the credentials. */
  readonly account?: string;
  /** HTTP status for each bucket; 404 for the others. */
  readonly buckets?: Readonly<Record<string, number>>;
  /** Never answers. */
  readonly hangs?: boolean;
}

/** Starts it on a free port for as long as the test lasts; resolves with its endpoint. */
export async function fakeAws(aws: FakeAws): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => aws.hangs || answer(aws, request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(aws: FakeAws, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === "HEAD") {
    const bucket = request.url?.split(/[/?]/)[1] ?? "";
    response.writeHead(aws.buckets?.[bucket] ?? 404).end();
  } else if (aws.account === undefined) {
    response.writeHead(403, { "content-type": "text/xml" }).end(
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
      <Code>ExpiredToken</Code><Message>The security token is expired</Message></Error></ErrorResponse>`,
    );
  } else {
    response.writeHead(200, { "content-type": "text/xml" }).end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <GetCallerIdentityResult><Arn>arn:aws:iam::${aws.account}:user/tester</Arn>
      <UserId>U</UserId><Account>${aws.account}</Account></GetCallerIdentityResult>
      </GetCallerIdentityResponse>`,
    );
  }
}
