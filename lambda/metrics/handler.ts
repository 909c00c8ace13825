import { setTimeout } from "node:timers/promises";
import { log } from "../shared/log";
import {
  applicationId,
  getJobRun,
  lake,
  listRunning,
  prices,
  readSources,
  readSummary,
} from "./aws";
import { metricDocument } from "./emf";
import { measure } from "./metrics";

export async function handler(event: unknown): Promise<void> {
  await measure(event, {
    lake,
    applicationId,
    prices,
    getJobRun,
    listRunning,
    readSources,
    readSummary,
    // Past the console: with JSON logs it would wrap the document, and no metric would come of it.
    // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html#nodejs-logging-advanced-emf
    publish: (datum) => process.stdout.write(`${metricDocument(datum)}\n`),
    log,
    now: () => new Date(),
    wait: (seconds) => setTimeout(seconds * 1000),
  });
}
