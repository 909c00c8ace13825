/**
 * `npm run audit:signatures`: whether the registry signed what is installed. Exit 0 where it did, 1
 * where a signature is wrong or missing, 2 where nobody could be asked.
 */
import { execa } from "execa";
import { ROOT } from "../../support/lake";
import { verdict } from "./signatures";

const EXIT = { verified: 0, forged: 1, unknown: 2 };
const MINUTES = 10;

const { outcome, text } = verdict(
  // As loud as ever, whatever the npm says that started this.
  await execa("npm", ["audit", "signatures", "--loglevel=error", "--fetch-retries=1"], {
    cwd: ROOT,
    reject: false,
    stdin: "ignore",
    timeout: MINUTES * 60_000,
    env: { NO_COLOR: "1" },
  }),
);
console.error(text);
process.exitCode = EXIT[outcome];
