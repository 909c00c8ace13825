/** The Python that the local AWS and the job's tests run on. */
import { ask, type Found, onPath } from "./search";

/** A Python that can make a virtual environment. */
export interface Python {
  readonly path: string;
  /** Such as `3.11.7`. */
  readonly version: string;
}

/** Minor versions of Python 3 that the locked packages have wheels for, best first: PySpark 3.5 is
 * released for up to 3.11 and runs on the two after it. */
const FIT = [11, 10, 12, 13];

const QUESTION = [
  "import sys",
  "v = '.'.join(map(str, sys.version_info[:3]))",
  "missing = []",
  "for name in ('venv', 'ensurepip', 'ssl', 'sqlite3'):",
  "    try: __import__(name)",
  "    except ImportError: missing.append(name)",
  "print(v, ','.join(missing) or '-')",
].join("\n");

/** The fittest Python on the PATH: `python3` if it is one, else `python3.11` and so on. */
export async function findPython(env: NodeJS.ProcessEnv): Promise<Found<Python>> {
  const found: string[] = [];
  let lacking: string | undefined;
  const names = ["python3", ...FIT.map((minor) => `python3.${minor}`), "python"];
  for (const path of names.flatMap((name) => onPath(name, env))) {
    const { ok, stdout, all } = await ask(path, ["-c", QUESTION], env);
    const [version, missing] = stdout.trim().split(" ");
    if (!ok || version === undefined || missing === undefined) {
      found.push(`${path} does not run: ${all.split("\n").at(-1)}`);
      continue;
    }
    if (!isFit(version)) found.push(`${path} is ${version}`);
    else if (missing !== "-") {
      lacking ??= version;
      found.push(`${path} is ${version}, without its module ${missing.replaceAll(",", ", ")}`);
    } else return { ok: true, tool: { path, version } };
  }
  return {
    ok: false,
    problem: {
      wanted: "Python 3.10 to 3.13 with venv",
      reason: "the local AWS and PySpark are Python; they go into .venv, nothing into the system",
      found: found.length > 0 ? [...new Set(found)] : ["no python3 on the PATH"],
      remedy: remedy(lacking),
    },
  };
}

function isFit(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major === 3 && FIT.includes(minor ?? Number.NaN);
}

function remedy(lacking: string | undefined): string[] {
  if (process.platform === "darwin") return ["brew install python@3.11"];
  if (process.platform === "win32") return ["winget install Python.Python.3.11"];
  const package_ = lacking
    ? `python${lacking.split(".").slice(0, 2).join(".")}-venv`
    : "python3-venv";
  return [
    `Debian, Ubuntu: sudo apt install python3 ${package_}`,
    "Fedora, RHEL, Amazon Linux: sudo dnf install python3.11",
  ];
}
