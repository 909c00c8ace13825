/** The names in every stack of every environment; what is safe is in __tests__/security/rules/. */
import { expect, test } from "vitest";
import { alarmName, overlongNames, physicalNames } from "../../src/naming";
import { environments } from "../support/lake";

test("every physical name is one that AWS takes", async () => {
  for (const [name, { variables }] of Object.entries(await environments())) {
    const { project, bucket_suffix } = variables;
    const names = physicalNames({ project, environment: name, bucketSuffix: bucket_suffix });
    expect(overlongNames(names)).toEqual([]);
    for (const bucket of Object.values(names.bucket))
      expect(bucket).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  }
});

test("no name is given that naming.ts does not know", async () => {
  const NAME_FIELDS = ["name", "bucket", "function_name", "alarm_name"];
  const NOT_PHYSICAL = {
    aws_athena_named_query: "a title for people to read",
    aws_iam_role_policy: "a name inside its role",
  };
  for (const [environment, { lake, variables }] of Object.entries(await environments())) {
    const naming = { project: variables.project, environment };
    const known = Object.values(physicalNames(naming)).flatMap((kind) =>
      Object.values<string>(kind),
    );
    for (const address of lake.addresses().filter((a) => !a.startsWith("data."))) {
      const [type = "", name = ""] = address.split(".");
      for (const field of NAME_FIELDS) {
        const value = lake.resource(type, name)[field];
        if (type === "aws_cloudwatch_metric_alarm")
          known.push(alarmName(naming, name.replaceAll("_", "-")));
        // References lead to a resource that is looked at itself.
        if (value === undefined || value.startsWith("${") || type in NOT_PHYSICAL) continue;
        // Log groups are called after what logs, security groups after their network.
        expect(
          known.some(
            (one) =>
              value === one ||
              value.endsWith(`/${one}`) ||
              (type === "aws_cloudwatch_log_group" && value.endsWith(`-${one}`)) ||
              [`${one}-emr`, `${one}-endpoints`].includes(value),
          ),
          `${address}: ${value}`,
        ).toBe(true);
      }
    }
  }
});
