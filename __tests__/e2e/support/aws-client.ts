/** How a test talks to a local AWS. */

/** Settings of an SDK client: any credentials do, and a bucket is no host there. */
export function clientSettings(endpoint: string, region = "us-east-1") {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
  };
}
