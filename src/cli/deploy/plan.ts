/** Terraform's plan as `terraform show -json` gives it, as far as it is judged here. */

type Json = unknown;

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  /** Why it is replaced or destroyed, such as `replace_because_tainted`. */
  readonly action_reason?: string;
  readonly change: {
    /** `["no-op"]`, `["create"]`, `["update"]`, `["delete"]`, or two of them for a replacement. */
    readonly actions: readonly string[];
    readonly before?: Json;
    readonly after?: Json;
    readonly before_sensitive?: Json;
    readonly after_sensitive?: Json;
    /** Paths of the attributes that cannot be changed in place. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

/** Before: null, or not there, where nothing is deployed. */
export interface OutputChange {
  readonly before?: Json;
  readonly after?: Json;
}

export interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, Json>>;
}

export interface Plan {
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, OutputChange>>;
  /** Whether there is anything to apply; also changes of outputs, and drift where only that is asked. */
  readonly applyable?: boolean;
  readonly prior_state?: {
    readonly values?: { readonly root_module?: { readonly resources?: readonly StateResource[] } };
  };
}

/** Resources that are in the state now. */
export function deployedResources(plan: Plan): readonly StateResource[] {
  return plan.prior_state?.values?.root_module?.resources ?? [];
}

/** Resources that the plan changes, in place or not. */
export function changes(plan: Plan): readonly ResourceChange[] {
  return (plan.resource_changes ?? []).filter(
    ({ change }) => !["no-op", "read"].includes(change.actions[0] ?? "no-op"),
  );
}

/** Whether there is anything to apply. OpenTofu does not say so itself. */
export function isApplyable(plan: Plan): boolean {
  return plan.applyable ?? changes(plan).length > 0;
}
