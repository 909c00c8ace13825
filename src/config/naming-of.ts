import type { NamingProps } from "../naming";
import type { Environment } from "./environment";

/** What an environment's names and tags are derived from. */
export function namingOf(
  environment: Environment,
): NamingProps & { readonly tags: Readonly<Record<string, string>> } {
  const { project, bucket_suffix, tags } = environment.variables;
  return { project, environment: environment.name, bucketSuffix: bucket_suffix, tags };
}
