import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { sourcesSchema } from "./contract";
import { type ListedObject, validate } from "./validate";

const s3 = new S3Client({});
const landingBucket = process.env.LANDING_BUCKET ?? "";
const etlBucket = process.env.ETL_BUCKET ?? "";
const sourcesKey = process.env.SOURCES_KEY ?? "";

export function handler(event: unknown) {
  return validate(event, { landingBucket, readSources, listObjects });
}

async function readSources() {
  const object = await s3.send(new GetObjectCommand({ Bucket: etlBucket, Key: sourcesKey }));
  return sourcesSchema.parse(JSON.parse((await object.Body?.transformToString()) ?? "{}"));
}

async function* listObjects(prefix: string): AsyncIterable<ListedObject> {
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: landingBucket, Prefix: prefix });
  for await (const page of pages)
    for (const object of page.Contents ?? [])
      yield { key: object.Key ?? "", size: object.Size ?? 0 };
}
