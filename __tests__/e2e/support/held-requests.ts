/** A way to the local AWS that holds chosen requests back: time stands still in the middle of a deploy. */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface HeldRequests {
  readonly endpoint: string;
  /** Resolves when the first of them has come. */
  readonly held: Promise<void>;
  /** Lets it, and all that follow, go on. */
  release(): void;
}

/**
 * Holds requests until released or the test ends: by `PATCH /applications/…`, or where a service
 * has one path for all, by `POST / AmazonSQS.SendMessageBatch`.
 */
export async function holdRequests(endpoint: string, which: RegExp): Promise<HeldRequests> {
  const upstream = new URL(endpoint);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let came = () => {};
  const held = new Promise<void>((resolve) => {
    came = resolve;
  });
  const server = createServer(async (incoming, outgoing) => {
    if (which.test(described(incoming))) {
      came();
      await released;
    }
    forward(upstream, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    release();
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, held, release };
}

function described({ method, url, headers }: IncomingMessage): string {
  const target = headers["x-amz-target"];
  return `${method} ${url}${target === undefined ? "" : ` ${target}`}`;
}

function forward(upstream: URL, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url = "", headers } = incoming;
  const onward = request(
    new URL(url, upstream),
    { method, headers: { ...headers, host: upstream.host } },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on("error", () => outgoing.writeHead(502).end());
  // Who gives up waiting takes his request back.
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
