import { expect, test } from "vitest";
import { EnvironmentError } from "../../src/config/faults";

test("the message has one line for each fault: where, what, why", () => {
  const error = new EnvironmentError([
    { origin: "env/dev.tfvars", line: 3, variable: "project", message: "too long" },
    { origin: "env/dev.tfvars", variable: "emr_max_workers", message: "too few" },
    { origin: "env/qa.tfvars", message: "no such environment" },
  ]);
  expect(error.message).toBe(
    [
      "env/dev.tfvars:3: project: too long",
      "env/dev.tfvars: emr_max_workers: too few",
      "env/qa.tfvars: no such environment",
    ].join("\n"),
  );
  expect(error.name).toBe("EnvironmentError");
});
