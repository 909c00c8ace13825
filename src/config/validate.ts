/** Judges the values of one environment, wherever they come from: all faults at once. */
import type { z } from "zod";
import type { Fault } from "./faults";
import type { Layer, Path } from "./layer";
import { type Variables, variablesSchema } from "./schema";
import { Surroundings } from "./settle";
import { SOURCE_KEYS } from "./source";
import { expressionWords, issueWords, unknownJob, unknownKey, unknownVariable } from "./wording";
import { WORKLOAD_KEYS } from "./workload";

/** What Terraform would evaluate, wherever the synthesized JSON holds it. */
const EXPRESSION = /[$%]\{/;

/** What is to be judged. */
export interface Candidate {
  readonly name: string;
  /** The last layer that has a variable decides it, whole, as Terraform merges. */
  readonly layers: readonly Layer[];
  /** Scripts that `spark_job_name` may name; any name will do where it is left out. */
  readonly jobs: readonly string[] | undefined;
}

type FaultAt = (path: Path, message: string) => Fault;
type Values = Readonly<Record<string, unknown>>;

/** The environment with its defaults, or all of its faults. */
export function validate({
  name,
  layers,
  jobs,
}: Candidate): { name: string; variables: Variables } | { faults: readonly Fault[] } {
  const values: Values = Object.assign({}, ...layers.map((l) => l.values));
  const at: FaultAt = (path, message) => {
    const layer = layers.findLast((l) => Object.hasOwn(l.values, String(path[0]))) ?? layers[0];
    return { origin: name, ...layer?.at(path), variable: path.join("."), message };
  };
  const expressions = expressionsIn(values);
  const faults = expressions.map((path) => at(path, expressionWords(path, values)));
  // What is faulty is left out, and the rules that read it are not asked: the rest still is judged.
  const plain = without(values, new Set(expressions.map(variableOf)));
  const issues = issuesOf(plain);
  const faulty = new Set([...expressions, ...issues.map(({ path }) => path)].map(variableOf));
  const subject = { environment: name, given: without(values, faulty), faulty };
  const { success, data } = variablesSchema.safeParse(subject.given);
  if (!success) throw new Error(`${name}: faults of the schema that belong to no variable`);
  const around = new Surroundings(subject);
  faults.push(...issues.map((found) => schemaFault(found, plain, around, at)));
  // Of values at odds, the one that was set last is at fault: a flag before a file, a file before
  // a default.
  const layerOf = (variable: string) =>
    layers.findLastIndex((l) => Object.hasOwn(l.values, variable));
  for (const { variable, message, reads } of around.broken()) {
    const place = reads.reduce<string>(
      (last, read) => (layerOf(read) > layerOf(last) ? read : last),
      variable,
    );
    faults.push({ ...at([place], message), variable: layerOf(place) > 0 ? place : variable });
  }
  const { spark_job_name: job } = data;
  if (jobs !== undefined && !jobs.includes(job))
    faults.push(at(["spark_job_name"], unknownJob(job, jobs)));
  return faults.length > 0 ? { faults } : { name, variables: data };
}

interface Issue {
  readonly path: Path;
  readonly issue: z.core.$ZodIssue;
}

/** One for each value, or unknown name, that the schema refuses. */
function issuesOf(values: Values): Issue[] {
  const issues = variablesSchema.safeParse(values).error?.issues ?? [];
  const found = issues.flatMap((issue): Issue[] => {
    const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
    return issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({ path: [...path, key], issue }))
      : [{ path, issue }];
  });
  // A number can break two bounds at once, and the words name both.
  const places = found.map(({ path }) => JSON.stringify(path));
  return found.filter((_, index) => places.indexOf(places[index] ?? "") === index);
}

function schemaFault(
  { path, issue }: Issue,
  values: Values,
  around: Surroundings,
  at: FaultAt,
): Fault {
  if (issue.code === "unrecognized_keys") {
    const key = String(path.at(-1));
    if (path.length === 1) return at(path, unknownVariable(key));
    const known = variableOf(path) === "workload" ? WORKLOAD_KEYS : SOURCE_KEYS;
    return at(path, unknownKey(key, known));
  }
  return at(path, issueWords({ issue, path, values, around }));
}

function variableOf(path: Path): string {
  return String(path[0]);
}

function without(values: Values, names: ReadonlySet<string>): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
}

/** Paths of text, or of keys, with a `${…}` or a `%{…}`, which the parser leaves for Terraform. */
function expressionsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return EXPRESSION.test(value) ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    EXPRESSION.test(key) && path.length > 0 ? [path] : expressionsIn(inner, [...path, key]),
  );
}
