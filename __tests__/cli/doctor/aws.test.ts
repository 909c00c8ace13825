import { expect, test } from "vitest";
import { bucketState, callerIdentity } from "../../../src/cli/doctor/aws";
import { fakeAws } from "../support/fake-aws";

const credentials = { accessKeyId: "a", secretAccessKey: "b" };
const at = (endpoint: string) => ({ region: "us-east-1", endpoint, credentials });

test("credentials are asked for their account", async () => {
  const endpoint = await fakeAws({ account: "111111111111" });
  expect(await callerIdentity(at(endpoint))).toEqual({
    state: "known",
    account: "111111111111",
    arn: "arn:aws:iam::111111111111:user/tester",
  });
});

test("credentials that AWS refuses are told apart from none", async () => {
  expect(await callerIdentity(at(await fakeAws({})))).toEqual({
    state: "refused",
    reason: "The security token is expired",
  });
  const none = async () => {
    throw Object.assign(new Error("Could not load"), { name: "CredentialsProviderError" });
  };
  const client = { region: "us-east-1", endpoint: "http://127.0.0.1:9", credentials: none };
  expect(await callerIdentity(client as never)).toEqual({
    state: "none",
    reason: "Could not load",
  });
});

test("a service that never answers, or that is not there, ends the question", async () => {
  const endpoint = await fakeAws({ hangs: true });
  const late = { reason: "no answer within 0.2 s" };
  expect(await callerIdentity(at(endpoint), 200)).toEqual({ state: "silent", ...late });
  expect(await bucketState(at(endpoint), "b", 200)).toEqual({ state: "unknown", ...late });
  expect(await callerIdentity(at("http://127.0.0.1:9"), 5_000)).toMatchObject({ state: "silent" });
});

test("credentials that never come end the question too", async () => {
  const client = { region: "us-east-1", endpoint: "http://127.0.0.1:9", credentials: forever };
  expect(await callerIdentity(client as never, 200)).toMatchObject({ state: "silent" });
});

const forever = () => new Promise<never>(() => {});

test("a bucket's state is told by what S3 answers", async () => {
  const endpoint = await fakeAws({ buckets: { mine: 200, other: 403, far: 301, odd: 500 } });
  const states = await Promise.all(
    ["mine", "none", "other", "far", "odd"].map((bucket) => bucketState(at(endpoint), bucket)),
  );
  expect(states.map(({ state }) => state)).toEqual([
    "there",
    "absent",
    "forbidden",
    "elsewhere",
    "unknown",
  ]);
});
