/** Memory of a real process, and the settings that a real run has. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { variablesSchema } from "../../src/config/schema";
import { residentBytes, watchMemory } from "./etl-memory";
import { sparkOnThisMachine } from "./etl-settings";

/** Holds 200 MB in a child of its own, says so, and waits to be ended. */
const PARENT = `
const { spawn } = require("node:child_process");
const hold = "const b = Buffer.alloc(200e6, 1); console.log(b.length); process.stdin.resume();";
const child = spawn(process.execPath, ["-e", hold], { stdio: ["pipe", "inherit", "inherit"] });
process.stdin.resume().on("end", () => child.stdin.end());
`;

test.runIf(process.platform === "linux")(
  "the peak is that of the process with all that it started",
  async () => {
    const parent = spawn(process.execPath, ["-e", PARENT], { stdio: ["pipe", "pipe", "inherit"] });
    const { pid } = parent;
    if (pid === undefined) throw new Error("no process");
    const watch = watchMemory(pid);
    try {
      await once(parent.stdout, "data");
      await expect
        .poll(() => watch.peak() ?? 0, { timeout: 60_000, interval: 50 })
        .toBeGreaterThan(200e6);
      expect(residentBytes(pid)).toBeLessThan(200e6);
    } finally {
      parent.stdin.end();
      await once(parent, "exit");
      watch.stop();
    }
    expect(residentBytes(pid)).toBeUndefined();
  },
);

test("Spark is told what a run is told, but for what one machine does not have", () => {
  const variables = variablesSchema.parse({ spark_executor_memory: "5g" });
  const settings = sparkOnThisMachine(variables, "/jars");
  expect(settings).toMatchObject({
    "spark.driver.memory": "5g",
    "spark.driver.extraClassPath": "/jars/iceberg/*",
    "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.lake.type": "hadoop",
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
  });
  const names = Object.keys(settings).join(" ");
  expect(names).not.toMatch(/executor|dynamicAllocation|emr-serverless|catalog-impl|spark\.jars/);
});
