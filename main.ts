import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { App } from "cdktf";
import { bundleAll } from "./src/bundle";
import { jobScripts, readEnvironments } from "./src/config/environment";
import { EnvironmentError, formatFaults } from "./src/config/faults";
import { takeOver } from "./src/config/handover";
import { DataLakeStack } from "./stacks/data-lake-stack";
import { StateStack } from "./stacks/state-stack";

const root = dirname(fileURLToPath(import.meta.url));
// cdktf notes where each reference was made; to look each up in the sources takes a tenth of the time.
process.setSourceMapsEnabled(false);

try {
  const { environments, faults } = await readEnvironments("env", {
    env: process.env,
    handover: takeOver(process.env),
    jobs: jobScripts(join(root, "jobs")),
  });
  if (environments.length === 0) throw new EnvironmentError(faults);
  // A fault in prod.tfvars does not stop work on dev: prod's stacks are left out, and it is said.
  if (faults.length > 0) console.error(`Left out, for their faults:\n${formatFaults(faults)}`);
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
  process.setSourceMapsEnabled(true);
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
