/** All rules, in the order in which a review would ask. */
import * as actors from "./actors";
import * as buckets from "./buckets";
import * as encryption from "./encryption";
import * as logs from "./logs";
import * as network from "./network";
import * as policies from "./policies";
import * as retention from "./retention";
import type { Rule } from "./rule";
import * as stack from "./stack";
import * as transport from "./transport";

export const RULES: readonly Rule[] = [
  stack.inhabited,
  encryption.encrypted,
  encryption.athena,
  encryption.crawler,
  encryption.key,
  encryption.catalog,
  buckets.controls,
  buckets.strict,
  buckets.unwanted,
  buckets.encryption,
  buckets.logging,
  buckets.leftovers,
  transport.transport,
  transport.puts,
  policies.whole,
  policies.actions,
  policies.everyResource,
  policies.trust,
  policies.guests,
  policies.handedOver,
  policies.keyUse,
  policies.roles,
  policies.strangers,
  actors.ownRoles,
  actors.permissions,
  actors.destinations,
  actors.callers,
  actors.alerts,
  retention.protectedData,
  retention.keptObjects,
  retention.expirations,
  retention.table,
  logs.retention,
  logs.accessLogs,
  logs.written,
  logs.jobLogs,
  network.present,
  network.subnets,
  network.addresses,
  network.whole,
  network.defaultGroup,
  network.groups,
  network.traffic,
  network.endpoints,
  network.flows,
  stack.tags,
  stack.account,
  stack.backend,
  stack.pinned,
  stack.references,
  stack.resolved,
  stack.secrets,
];
