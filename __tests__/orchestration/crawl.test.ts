import { describe, expect, test } from "vitest";
import { crawlStates } from "../../src/orchestration/crawl";
import type { Block } from "../support/synth";

const states = (crawlerPollSeconds = 15): Block =>
  crawlStates({ crawlerName: "crawler", crawlerPollSeconds, next: "Done" });

describe("a crawl", () => {
  test("that runs already is waited for, for up to an hour, and then one is started", () => {
    const [running] = states(7).RunGlueCrawler.Retry;
    expect(running).toEqual({
      ErrorEquals: ["Glue.CrawlerRunningException"],
      IntervalSeconds: 7,
      MaxAttempts: Math.ceil(3600 / 7),
      BackoffRate: 1,
    });
  });

  test("is asked after as often as the variable says", () => {
    expect(states(7).WaitForCrawler.Seconds).toBe(7);
  });

  test("counts as ended only once it is ready and has a last crawl", () => {
    const [wait, succeeded] = states().HasCrawlEnded.Choices;
    expect(wait).toEqual({
      Or: [
        { Not: { Variable: "$.glue.Crawler.State", StringEquals: "READY" } },
        { Not: { Variable: "$.glue.Crawler.LastCrawl.Status", IsPresent: true } },
      ],
      Next: "WaitForCrawler",
    });
    expect(succeeded).toEqual({
      Variable: "$.glue.Crawler.LastCrawl.Status",
      StringEquals: "SUCCEEDED",
      Next: "Done",
    });
  });

  test("that has failed fails the execution, with the crawl as its cause", () => {
    expect(states().HasCrawlEnded.Default).toBe("CrawlFailed");
    expect(states().CrawlFailed.Parameters).toEqual({
      Error: "CrawlFailed",
      "Cause.$": "States.JsonToString($.glue.Crawler.LastCrawl)",
    });
    expect(states().CrawlFailed.Next).toBe("RunGlueCrawlerFailed");
  });
});
