/** Values for variables that do not come from the environment's own file. */

/** Flags as Terraform has them; within each list the later one wins, and every `--var` over files. */
export interface GivenVariables {
  /** Paths of `--var-file`, relative to the working directory. */
  readonly varFiles: readonly string[];
  /** `name=value` of `--var`. */
  readonly vars: readonly string[];
}
