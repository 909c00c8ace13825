/** A real browser without a window, for tests that look at a page as a reader does. */
import { type Browser, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { onPath } from "../../../../src/local/tools/search";

/** Names of the program on Linux and macOS; Debian's is the first. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** What a page did that a reader would not see. */
export interface Watched {
  readonly page: Page;
  /** What it wrote to the console, and errors. */
  readonly said: string[];
  /** What it asked the network, or the disk, for beside itself. */
  readonly asked: string[];
}

/** How the page is looked at. */
export interface Look {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

/** Starts the browser. @throws where there is none, with how to get one */
export function startChromium(env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const [executablePath] = NAMES.flatMap((name) => onPath(name, env));
  if (executablePath === undefined)
    throw new Error(
      `no Chromium on the PATH (${NAMES.join(", ")}), in which the report is tested. Install it: apt-get install -y chromium (Debian), brew install --cask chromium (macOS)`,
    );
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/** Opens a file, for as long as the test lasts. */
export async function open(browser: Browser, file: string, look: Look): Promise<Watched> {
  const page = await browser.newPage({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.scheme,
  });
  onTestFinished(() => page.close());
  const watched: Watched = { page, said: [], asked: [] };
  const itself = `file://${file}`;
  page.on("console", (message) => watched.said.push(message.text()));
  page.on("pageerror", (error) => watched.said.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== itself) watched.asked.push(request.url());
  });
  await page.goto(itself);
  return watched;
}
