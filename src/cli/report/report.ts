/** All that the page shows, gathered before a word of it is written. */
import type { Estimate } from "../../config/cost";
import { costOf } from "../../config/cost";
import type { Environment } from "../../config/environment";
import { type Headroom, headroomOf } from "../../config/headroom";
import type { RunRecord } from "../runs";
import { type Architecture, architectureOf } from "./architecture";
import { StackGraph, type StackJson } from "./graph";
import { livesOf, type ZoneLife } from "./lifecycle";
import { type Posture, postureOf } from "./posture";

/** The last runs, or why they are not known. */
export type KnownRuns = { readonly runs: readonly RunRecord[] } | { readonly unknown: string };

/** One environment's report. */
export interface Report {
  readonly project: string;
  readonly name: string;
  readonly writtenAt: Date;
  readonly sources: readonly string[];
  readonly graph: StackGraph;
  readonly architecture: Architecture;
  readonly headroom: Headroom;
  readonly estimate: Estimate;
  readonly posture: Posture;
  readonly lives: readonly ZoneLife[];
  readonly runs: KnownRuns;
}

/** From an environment, its synthesized stack and what its runs are known to be. */
export function reportOf(
  environment: Environment,
  stack: StackJson,
  runs: KnownRuns,
  writtenAt: Date,
): Report {
  const graph = new StackGraph(stack);
  return {
    project: environment.variables.project,
    name: environment.name,
    writtenAt,
    sources: Object.keys(environment.variables.sources).sort(),
    graph,
    architecture: architectureOf(graph),
    headroom: headroomOf(environment),
    estimate: costOf(environment),
    posture: postureOf(graph),
    lives: livesOf(graph),
    runs,
  };
}
