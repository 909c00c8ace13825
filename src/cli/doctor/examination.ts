/** Everything that the doctor looks at, in the order in which it is told. */
import { statfs } from "node:fs/promises";
import type { Environment, Environments } from "../../config/environment";
import { namingOf } from "../../config/naming-of";
import { CUSTOMARY_PORT, isPortTaken } from "../../local/local-aws";
import { localStatus } from "../../local/local-record";
import type { MachinePaths } from "../../local/paths";
import { providerSource } from "../../local/provider-mirror";
import { isPrepared } from "../../local/python-environment";
import { findJava, type Java } from "../../local/tools/java";
import { findPython, type Python } from "../../local/tools/python";
import type { Found } from "../../local/tools/search";
import { findTerraform } from "../../local/tools/terraform";
import { physicalNames } from "../../naming";
import { LOCAL } from "../target";
import {
  accountFindings,
  endpointFinding,
  environmentsFinding,
  stateBucketFinding,
  takes,
} from "./account";
import { bucketState, callerIdentity, type Identity } from "./aws";
import type { Finding } from "./finding";
import { diskFinding, localAwsFinding, packagesFinding } from "./machine";
import { lambdaFinding, releaseFindings } from "./support";
import {
  javaFinding,
  nodeFinding,
  providerFinding,
  pythonFinding,
  terraformFinding,
} from "./tools";

/** What is asked about, and where. */
export interface ExaminationContext {
  readonly paths: MachinePaths;
  readonly env: NodeJS.ProcessEnv;
  readonly today: Date;
  /** Environment that is to be deployed; without one the question is `npm start`. */
  readonly name: string | undefined;
  readonly described: Environments;
  /** Has what was started ended when the command is interrupted. */
  readonly defer: (closer: () => Promise<void>) => void;
  /** Milliseconds that one answer of AWS may take. */
  readonly answerMs?: number;
}

/** Starts all of it at once; each part resolves with its findings. */
export function examine(context: ExaminationContext): Promise<readonly Finding[]>[] {
  const { name, described, today } = context;
  const identity = onAws(context).length > 0 ? askIdentity(context) : undefined;
  return [
    ...machineParts(context),
    Promise.resolve([
      environmentsFinding(
        described.environments,
        described.faults.length,
        // The one that was named, or the one that `npm start` deploys, is not among the sound.
        !described.environments.some((one) => one.name === (name ?? LOCAL)),
        ["npx lake check", ...(name === undefined ? [] : [name])].join(" "),
      ),
      ...releaseFindings(described.environments, today),
      lambdaFinding(today),
    ]),
    ...(identity ? [accountPart(context, identity), bucketsPart(context, identity)] : []),
  ];
}

function machineParts(context: ExaminationContext): Promise<readonly Finding[]>[] {
  const { env, today, paths, name } = context;
  // What is deployed to AWS needs no Spark on this machine.
  const runsHere = name === undefined || name === LOCAL;
  const terraform = findTerraform(env);
  const java = findJava(env);
  const python = findPython(env);
  const provider = terraform.then((found) =>
    found.ok ? providerSource(found.tool, env, paths) : undefined,
  );
  const prepared = areMade(context, java, python);
  return [
    Promise.resolve([nodeFinding(process.versions.node, process.execPath, today)]),
    terraform.then((found) => [terraformFinding(found, today)]),
    provider.then((source) => (source ? [providerFinding(source)] : [])),
    java.then((found) => [javaFinding(found, runsHere)]),
    python.then((found) => [pythonFinding(found, runsHere)]),
    prepared.then((made) => (runsHere ? [packagesFinding(made)] : [])),
    Promise.all([prepared, provider]).then(async ([made, source]) => {
      const { bavail, bsize } = await statfs(paths.root);
      const lacks = { venv: runsHere && !made, provider: source?.downloads === true };
      return [diskFinding(bavail * bsize, paths.root, lacks)];
    }),
    ...(runsHere ? [localPart(context)] : []),
  ];
}

/** Whether `.venv` and the jars are there; without Java or Python they cannot be looked at. */
async function areMade(
  { paths, env, defer }: ExaminationContext,
  java: Promise<Found<Java>>,
  python: Promise<Found<Python>>,
): Promise<boolean> {
  const [foundJava, foundPython] = await Promise.all([java, python]);
  if (!foundJava.ok || !foundPython.ok) return false;
  return isPrepared({
    paths,
    env,
    java: foundJava.tool,
    python: foundPython.tool,
    say: () => {},
    defer,
  });
}

async function localPart({ paths, name }: ExaminationContext): Promise<readonly Finding[]> {
  const status = await localStatus(paths);
  const taken = status.state === "running" ? false : await isPortTaken(CUSTOMARY_PORT);
  return [localAwsFinding(status, name === LOCAL, taken)];
}

/** Environments that AWS itself would hold. */
function onAws({ described }: ExaminationContext): Environment[] {
  return described.environments.filter(({ name }) => name !== LOCAL);
}

function askIdentity(context: ExaminationContext): Promise<Identity> {
  const region = onAws(context)[0]?.variables.aws_region ?? "us-east-1";
  return callerIdentity({ region }, context.answerMs);
}

async function accountPart(
  context: ExaminationContext,
  identity: Promise<Identity>,
): Promise<readonly Finding[]> {
  const endpoint = endpointFinding(context.env);
  const needed = context.name !== undefined;
  const findings = accountFindings(await identity, onAws(context), needed);
  return [...(endpoint ? [endpoint] : []), ...findings];
}

/** Only buckets of environments that these credentials may touch are asked for. */
async function bucketsPart(
  context: ExaminationContext,
  identity: Promise<Identity>,
): Promise<readonly Finding[]> {
  const known = await identity;
  if (known.state !== "known") return [];
  const asked = onAws(context).filter(({ variables }) =>
    takes(variables.account_id, known.account),
  );
  return Promise.all(
    asked.map(async (environment) => {
      const bucket = physicalNames(namingOf(environment)).bucket.state;
      const client = { region: environment.variables.aws_region };
      const found = await bucketState(client, bucket, context.answerMs);
      return stateBucketFinding(environment.name, bucket, found, context.name !== undefined);
    }),
  );
}
