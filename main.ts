import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { App } from "cdktf";
import { bundleAll } from "./src/bundle";
import { readEnvironments, requireJobs } from "./src/config/environment";
import { EnvironmentError } from "./src/config/faults";
import { DataLakeStack } from "./stacks/data-lake-stack";
import { StateStack } from "./stacks/state-stack";

const root = dirname(fileURLToPath(import.meta.url));

try {
  const environments = await readEnvironments("env");
  requireJobs(environments, join(root, "jobs"));
  const bundles = await bundleAll(root, join(root, ".lake", "bundles"));
  const app = new App();
  for (const environment of environments) {
    new StateStack(app, `state-${environment.name}`, environment);
    new DataLakeStack(app, `data-lake-${environment.name}`, environment, {
      ...bundles,
      jobScript: join(root, "jobs", environment.variables.spark_job_name),
    });
  }
  app.synth();
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
