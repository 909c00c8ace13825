import { defineConfig } from "vitest/config";

/** Tests that start the local AWS: they need Python, some of them Java. */
const LOCAL = ["__tests__/local/**/*.test.ts", "__tests__/cli/**/*.test.ts"];
/** Tests that run Terraform or the whole pipeline. */
const END_TO_END = ["__tests__/terraform/**/*.test.ts", "__tests__/e2e/**/*.test.ts"];
/** Tests of what those have recorded. */
const RECORDED = ["__tests__/recorded/**/*.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["__tests__/**/*.test.ts"],
          exclude: [...LOCAL, ...END_TO_END, ...RECORDED],
          // Loading cdktf is most of a file's time; nothing here changes what files share.
          pool: "threads",
          isolate: false,
          // Some wait for processes of their own, which a machine of two cores does beside the rest.
          maxWorkers: 2,
          // None takes ten seconds by itself; a machine at work on other things takes longer.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "local",
          include: LOCAL,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "e2e",
          include: END_TO_END,
          // Two at a time: each has a Terraform, an emulator and a Spark, and waits most of its time.
          maxWorkers: 2,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "recorded",
          include: RECORDED,
          testTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
