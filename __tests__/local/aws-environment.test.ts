import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { localEnvironment, shellLines } from "../../src/local/aws-environment";

const LOCAL = { endpoint: "http://127.0.0.1:4566", region: "eu-central-1" };

test("nothing of the user's own AWS set-up reaches the local AWS", () => {
  const env = localEnvironment(
    {
      PATH: "/bin",
      AWS_PROFILE: "work",
      AWS_SESSION_TOKEN: "secret",
      AWS_ACCESS_KEY_ID: "AKIA",
      AWS_ROLE_ARN: "arn",
      AWS_ENDPOINT_URL_S3: "https://elsewhere.example.org",
      AWS_CONFIG_FILE: "/home/user/.aws/config",
    },
    LOCAL,
    { TF_PLUGIN_CACHE_DIR: undefined, TF_CLI_CONFIG_FILE: "/rc" },
  );
  expect(env).toMatchObject({
    PATH: "/bin",
    AWS_ENDPOINT_URL: LOCAL.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "eu-central-1",
    AWS_DEFAULT_REGION: "eu-central-1",
    AWS_CONFIG_FILE: "/dev/null",
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: "/rc",
  });
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_ENDPOINT_URL_S3"])
    expect(env).not.toHaveProperty(name);
  expect(env).not.toHaveProperty("TF_PLUGIN_CACHE_DIR");
});

test("a shell that evaluates the lines has the same variables, whatever stands in them", () => {
  const lines = shellLines(LOCAL, { ODD: "it's a $(path) `x`", TF_PLUGIN_CACHE_DIR: undefined });
  const script = [...lines, "env"].join("\n");
  const env = execFileSync("/bin/sh", ["-c", script], {
    env: { AWS_PROFILE: "work", TF_PLUGIN_CACHE_DIR: "/cache", PATH: "/usr/bin:/bin" },
    encoding: "utf8",
  }).split("\n");
  expect(env).toContain("ODD=it's a $(path) `x`");
  expect(env).toContain("AWS_ENDPOINT_URL=http://127.0.0.1:4566");
  expect(env.some((line) => /^(AWS_PROFILE|TF_PLUGIN_CACHE_DIR)=/.test(line))).toBe(false);
});
