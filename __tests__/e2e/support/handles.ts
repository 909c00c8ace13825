/** What a deploy changes and must leave in order, looked at and moved through AWS's own APIs. */
import {
  GetApplicationCommand,
  ListApplicationsCommand,
  StartApplicationCommand,
} from "@aws-sdk/client-emr-serverless";
import { LambdaClient, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import type { DeployedLake } from "./deployed-lake";
import { eventually, pipelineOf } from "./pipeline";

export function handlesOf(lake: DeployedLake) {
  const pipeline = pipelineOf(lake);
  const { endpoint, region } = lake;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const lambda = new LambdaClient({ endpoint, region, credentials });

  async function application() {
    const { applications = [] } = await pipeline.emr.send(new ListApplicationsCommand({}));
    const applicationId = applications.find(({ state }) => state !== "TERMINATED")?.id;
    const { application } = await pipeline.emr.send(new GetApplicationCommand({ applicationId }));
    if (!application) throw new Error("there is no application");
    return { id: applicationId, ...application };
  }

  return {
    ...pipeline,
    application,

    /** A setting that EMR Serverless changes on a stopped application alone. */
    async idleMinutes(): Promise<number> {
      const { autoStopConfiguration } = await application();
      return autoStopConfiguration?.idleTimeoutMinutes ?? Number.NaN;
    },

    async startApplication(): Promise<void> {
      const { id: applicationId } = await application();
      await pipeline.emr.send(new StartApplicationCommand({ applicationId }));
      await eventually("the application to start", async () =>
        (await application()).state === "STARTED" ? true : undefined,
      );
    },

    /** `Enabled` where events reach the trigger. */
    async ingestion(): Promise<string | undefined> {
      const { EventSourceMappings = [] } = await lambda.send(
        new ListEventSourceMappingsCommand({}),
      );
      return EventSourceMappings[0]?.State;
    },

    async buckets() {
      const { Buckets = [] } = await pipeline.s3.send(new ListBucketsCommand({}));
      return Buckets.map(({ Name }) => Name).sort();
    },

    /** Whether Terraform finds nothing to change in what was synthesized last. */
    async isSettled(): Promise<boolean> {
      const { exitCode, output } = await lake.terraformIn(
        "data-lake-local",
        ...["plan", "-detailed-exitcode", "-no-color"],
      );
      if (exitCode !== 0 && exitCode !== 2) throw new Error(output);
      return exitCode === 0;
    },
  };
}

/** A job that writes nothing and lasts until the file is there. */
export function waitingJob(file: string): string {
  return `import os, time\nwhile not os.path.exists(${JSON.stringify(file)}):\n    time.sleep(0.1)\n`;
}
