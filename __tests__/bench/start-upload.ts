/**
 * `npm run bench:upload`: MB/s into the local AWS, as `lake run` uploads, by the size of a file. What
 * is stored is read again and compared. A MB must not cost more in a large file than in a small one.
 */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { upload } from "../../src/cli/upload";
import { clientSettings } from "../e2e/support/aws-client";
import { createProject } from "../e2e/support/deployed-lake";
import { type Extent, quotients, type Ratio, runAlone, spread } from "./ratio";

const ROUNDS = 3;
const SIZES_MB = [10, 50, 200];
const SMALLEST_MB = [1, 10];
const MB = 1_000_000;
const BUCKET = "bench-upload";

export async function benchUpload({ smallest }: Extent): Promise<Ratio[]> {
  const sizes = smallest ? SMALLEST_MB : SIZES_MB;
  const rounds = smallest ? 1 : ROUNDS;
  const project = await createProject({});
  try {
    const s3 = new S3Client(clientSettings(project.endpoint));
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await secondsOf(s3, project.folder, 1);
    const measured = new Map<number, number[]>(sizes.map((size) => [size, []]));
    for (let round = 0; round < rounds; round += 1)
      for (const [size, seconds] of measured)
        seconds.push(await secondsOf(s3, project.folder, size));
    console.log(`an upload into the local AWS, ${rounds} rounds, median (least to most)`);
    for (const [size, seconds] of measured)
      console.log(
        `  ${String(size).padStart(4)} MB  ${spread(seconds, "s")}  ${spread(
          seconds.map((one) => size / one),
          "MB/s",
        )}`,
      );
    const perMb = (size: number | undefined) =>
      (measured.get(size ?? 0) ?? []).map((seconds) => seconds / (size ?? 0));
    return [
      {
        what: `upload into the local AWS: seconds a MB of ${sizes.at(-1)} MB ÷ of ${sizes[0]} MB`,
        rounds: quotients(perMb(sizes.at(-1)), perMb(sizes[0])),
        goal: { atMost: 2 },
      },
    ];
  } finally {
    await project.close();
  }
}

async function secondsOf(s3: S3Client, folder: string, sizeMb: number): Promise<number> {
  const file = join(folder, "upload.bin");
  const key = `raw/${sizeMb}`;
  try {
    await write(file, sizeMb);
    const began = performance.now();
    await upload(s3, BUCKET, { file, key, sizeBytes: sizeMb * MB });
    const seconds = (performance.now() - began) / 1000;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    const stored = createHash("sha256")
      .update((await Body?.transformToByteArray()) ?? "")
      .digest("hex");
    if (stored !== (await hashOf(file))) throw new Error(`${key} is not what was uploaded`);
    return seconds;
  } finally {
    rmSync(file, { force: true });
  }
}

async function write(file: string, sizeMb: number): Promise<void> {
  const handle = await open(file, "w");
  try {
    for (let part = 0; part < sizeMb; part += 1) await handle.write(randomBytes(MB));
  } finally {
    await handle.close();
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

await runAlone(import.meta.url, benchUpload);
