/** What the tests of Terraform's state do to it: hold its lock, and look into it. */
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { cdktfProgram } from "../../../src/local/cdktf";
import type { Project } from "./deployed-lake";
import { runProgram } from "./run-program";

const QUESTION = "Only 'yes' will be accepted";

/** What Terraform writes into a lock. */
export interface LockInfo {
  readonly ID: string;
  readonly Operation: string;
  readonly Who: string;
  /** ISO time. */
  readonly Created: string;
}

/** An apply that has planned, holds the lock and waits for its approval. */
export interface WaitingApply {
  /** Says yes; resolves with what was printed, rejects when the apply fails. */
  approve(): Promise<string>;
  /** Kills Terraform, which can then not give its lock back. */
  kill(): Promise<void>;
}

/** Where a stack keeps its state in the state bucket. */
export function stateKey(stack: string): string {
  return `${stack}/terraform.tfstate`;
}

export async function lockOf(s3: S3Client, bucket: string, stack: string): Promise<LockInfo> {
  const Key = `${stateKey(stack)}.tflock`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return JSON.parse((await Body?.transformToString()) ?? "") as LockInfo;
}

/** Starts an apply in the stack's folder; resolves when it asks for its approval. */
export async function applyUpToItsQuestion(
  project: Project,
  stack: string,
  ...args: string[]
): Promise<WaitingApply> {
  const child = execa(project.terraform, ["apply", "-no-color", ...args], {
    cwd: join(project.folder, "cdktf.out", "stacks", stack),
    env: project.env,
    extendEnv: false,
    all: true,
    reject: false,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise<void>((resolve, reject) => {
    let printed = "";
    child.all.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes(QUESTION)) resolve();
    });
    child.all.on("end", () => reject(new Error(`it ended before its question:\n${printed}`)));
  });
  return {
    async approve() {
      child.stdin.end("yes\n");
      const { exitCode, all } = await child;
      if (exitCode !== 0) throw new Error(all);
      return all;
    },
    async kill() {
      child.kill("SIGKILL");
      await child;
    },
  };
}

/** Runs the stock cdktf CLI with the local AWS behind another endpoint. */
export async function cdktfThrough(endpoint: string, project: Project, ...args: string[]) {
  const { exitCode, output } = await runProgram(process.execPath, [cdktfProgram(), ...args], {
    cwd: project.folder,
    env: { ...project.env, AWS_ENDPOINT_URL: endpoint },
  });
  return { exitCode, output: unwrapped(output) };
}

/** Output of cdktf or Terraform on one line, without what they draw around it. */
export function unwrapped(output: string): string {
  return stripVTControlCharacters(output).replaceAll(/[│╷╵]/g, " ").replaceAll(/\s+/g, " ");
}
