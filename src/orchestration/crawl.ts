/** The crawl of a plain source's folders, as states. */
import { orReportFailure, RETRY, type State } from "./states";

export interface CrawlProps {
  readonly crawlerName: string;
  /** Seconds between two looks at the crawler. */
  readonly crawlerPollSeconds: number;
  /** State that is entered once the crawl has succeeded. */
  readonly next: string;
}

/** Longest a crawl may take, ours or one that runs already, in seconds. */
export const CRAWL_SECONDS = 60 * 60;

/** Starts the crawler, waits until the crawl has ended, and judges it. */
export function crawlStates(props: CrawlProps): Record<string, State> {
  return {
    RunGlueCrawler: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:glue:startCrawler",
      Parameters: { Name: props.crawlerName },
      ResultPath: null,
      Retry: [
        // A crawl that runs already may have passed our files: wait for it, then start another.
        {
          ErrorEquals: ["Glue.CrawlerRunningException"],
          IntervalSeconds: props.crawlerPollSeconds,
          MaxAttempts: Math.ceil(CRAWL_SECONDS / props.crawlerPollSeconds),
          BackoffRate: 1,
        },
        RETRY,
      ],
      Catch: [orReportFailure("RunGlueCrawler")],
      Next: "WaitForCrawler",
    },
    WaitForCrawler: {
      Type: "Wait",
      Seconds: props.crawlerPollSeconds,
      Next: "GetCrawler",
    },
    GetCrawler: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:glue:getCrawler",
      Parameters: { Name: props.crawlerName },
      // The whole crawler: its first crawl has no LastCrawl yet, and a selector would fail on that.
      ResultPath: "$.glue",
      Retry: [RETRY],
      Catch: [orReportFailure("GetCrawler")],
      Next: "HasCrawlEnded",
    },
    HasCrawlEnded: {
      Type: "Choice",
      Choices: [
        {
          // A path that is not there ends an execution where no Catch sees it.
          Or: [
            { Not: { Variable: "$.glue.Crawler.State", StringEquals: "READY" } },
            { Not: { Variable: "$.glue.Crawler.LastCrawl.Status", IsPresent: true } },
          ],
          Next: "WaitForCrawler",
        },
        {
          Variable: "$.glue.Crawler.LastCrawl.Status",
          StringEquals: "SUCCEEDED",
          Next: props.next,
        },
      ],
      Default: "CrawlFailed",
    },
    CrawlFailed: {
      Type: "Pass",
      Parameters: {
        Error: "CrawlFailed",
        "Cause.$": "States.JsonToString($.glue.Crawler.LastCrawl)",
      },
      ResultPath: "$.failure",
      Next: "RunGlueCrawlerFailed",
    },
  };
}
