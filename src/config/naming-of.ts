import type { NamingProps } from "../naming";
import type { Environment } from "./environment";

/** What names and tags are derived from. */
export interface Naming extends NamingProps {
  readonly tags: Readonly<Record<string, string>>;
}

/** What an environment's names and tags are derived from. */
export function namingOf(environment: Environment): Naming {
  const { project, bucket_suffix, tags } = environment.variables;
  return { project, environment: environment.name, bucketSuffix: bucket_suffix, tags };
}
