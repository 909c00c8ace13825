/** Files on their way into raw/: what is wrong with them, their keys, the upload. */
import { accessSync, constants, createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Environment } from "../config/environment";
import { nearest } from "../config/suggest";
import { ZONE_PREFIX } from "../naming";
import { dayFolder, isDate } from "./days";
import { plural } from "./terminal";
import { visible } from "./visible";

/** What `lake run` was asked to upload. */
export interface UploadRequest {
  readonly source: string;
  readonly files: readonly string[];
  /** ISO date, UTC. */
  readonly date: string;
}

/** One file and where it goes. */
export interface Upload {
  readonly file: string;
  readonly key: string;
  readonly sizeBytes: number;
}

/** Endings that each format's files have; each may be gzipped. */
const ENDINGS = { json: [".json", ".jsonl", ".ndjson"], csv: [".csv"] } as const;
/** Most bytes of one PutObject (S3). */
const LARGEST_BYTES = 5 * 1024 ** 3;

/** Today's partition: days begin at midnight UTC. */
export function today(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** Everything that is wrong with the request, in words; empty when it can be uploaded. */
export function uploadFaults(environment: Environment, request: UploadRequest): string[] {
  const source = environment.variables.sources[request.source];
  const faults = sourceFaults(environment, request.source);
  if (!isDate(request.date))
    faults.push(`date "${request.date}" is no day of the calendar. Give one such as 2025-10-09`);
  for (const file of request.files) faults.push(...fileFaults(file, source?.format));
  return [...faults, ...sameNames(request.files)].map(visible);
}

/** What is wrong with a source's name; empty where the environment has it. */
export function sourceFaults(environment: Environment, source: string): string[] {
  const known = Object.keys(environment.variables.sources);
  if (known.includes(source)) return [];
  const near = nearest(source, known);
  return [
    `source "${source}" is not in env/${environment.name}.tfvars.${near ? ` Did you mean ${near}?` : ""} There is: ${known.join(", ")}`,
  ];
}

/** Where each file goes: `raw/<source>/year=/month=/day=/<name>`. */
export function uploadsOf(request: UploadRequest): Upload[] {
  const folder = `${ZONE_PREFIX.raw}${request.source}/${dayFolder(request.date)}/`;
  return request.files.map((file) => ({
    file,
    key: `${folder}${basename(file)}`,
    sizeBytes: statSync(file).size,
  }));
}

/** Puts one file into the landing bucket. */
export async function upload(s3: S3Client, bucket: string, { file, key, sizeBytes }: Upload) {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: createReadStream(file),
      ContentLength: sizeBytes,
    }),
  );
}

function fileFaults(file: string, format: keyof typeof ENDINGS | undefined): string[] {
  const problem = unreadable(file);
  if (problem !== undefined) return [`${file}: ${problem}`];
  const faults: string[] = [];
  const name = basename(file);
  if (statSync(file).size > LARGEST_BYTES)
    faults.push(
      `${file}: larger than 5 GB. Split it into ${plural(Math.ceil(statSync(file).size / LARGEST_BYTES), "file")} or more`,
    );
  if (/^[._]/.test(name))
    faults.push(`${file}: the pipeline passes over names that begin with "." or "_". Rename it`);
  if (format !== undefined && !hasEnding(name, ENDINGS[format]))
    faults.push(
      `${file}: the source's format is ${format}: its files end in ${ENDINGS[format].join(", ")}, or that and .gz`,
    );
  return faults;
}

function unreadable(file: string): string | undefined {
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) return "is a folder. Name its files";
    if (!stat.isFile()) return "is no regular file";
    accessSync(file, constants.R_OK);
    return stat.size === 0 ? "is empty" : undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return "no such file";
    return code === "EACCES" ? "you may not read it" : message;
  }
}

function hasEnding(name: string, endings: readonly string[]): boolean {
  const plain = name.toLowerCase().replace(/\.gz$/, "");
  return endings.some((ending) => plain.endsWith(ending));
}

function sameNames(files: readonly string[]): string[] {
  const seen = new Map<string, string>();
  return files.flatMap((file) => {
    const name = basename(file);
    const other = seen.get(name);
    seen.set(name, file);
    return other === undefined
      ? []
      : [`${file}: has the same name as ${other}, and both would be one object. Rename one`];
  });
}
