/** Environment variables with which every AWS tool talks to the local AWS and to nothing else. */

/** What those variables depend on. */
export interface LocalEndpoint {
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** AWS region of the environment. */
  readonly region: string;
}

/** Credentials, profiles and endpoints of the user's own that would take precedence. */
export const UNSET = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
] as const;

/** Resources that Terraform makes at a time: it waits for most of them, and 10 is its default. */
const PARALLELISM = "-parallelism=60";

/** The variables to set. */
export function localVariables({ endpoint, region }: LocalEndpoint): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    // The user's files may name other endpoints, roles and accounts.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    // Terraform and cdktf would ask the network for updates.
    CHECKPOINT_DISABLE: "1",
    TF_CLI_ARGS_apply: PARALLELISM,
    TF_CLI_ARGS_plan: PARALLELISM,
    TF_CLI_ARGS_destroy: PARALLELISM,
  };
}

/** `base` turned to the local AWS; `extra` is laid over it, undefined values unset. */
export function localEnvironment(
  base: NodeJS.ProcessEnv,
  local: LocalEndpoint,
  extra: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...base };
  for (const name of Object.keys(env))
    if ((UNSET as readonly string[]).includes(name) || name.startsWith("AWS_ENDPOINT_URL_"))
      delete env[name];
  return overlay({ ...env, ...localVariables(local) }, extra);
}

/** `base` with `extra` over it; an undefined value removes the variable. */
export function overlay(base: NodeJS.ProcessEnv, extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries({ ...base, ...extra }).filter(([, value]) => value !== undefined),
  );
}

/** The same as lines for a POSIX shell: `eval "$(…)"` sets it up. */
export function shellLines(local: LocalEndpoint, extra: NodeJS.ProcessEnv = {}): string[] {
  const entries = Object.entries({ ...localVariables(local), ...extra });
  const unset = [...UNSET, ...entries.filter(([, value]) => value === undefined).map(([k]) => k)];
  return [
    `unset ${unset.join(" ")}`,
    ...entries.flatMap(([name, value]) =>
      value === undefined ? [] : [`export ${name}=${shellQuote(value)}`],
    ),
  ];
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
