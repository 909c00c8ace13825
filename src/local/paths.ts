/** Where the project keeps what belongs to this machine alone. All of it is git-ignored. */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder, whatever the current directory is. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Milliseconds that logs of what failed are kept. */
export const KEEP_LOGS_MS = 7 * 24 * 3600 * 1000;

/** Files of this machine under `root`. */
export function machinePaths(root: string = ROOT) {
  const state = join(root, ".lake");
  return {
    root,
    /** Folder of everything below, but for the virtual environment. */
    state,
    /** The environments' files, as a fault in them names it: from the working directory. */
    environments: relative(process.cwd(), join(root, "env")),
    /** Python's virtual environment and the requirements it is made from. */
    venv: join(root, ".venv"),
    requirements: join(root, "src", "local", "requirements.txt"),
    /** Folder that holds the Python package `emulator`. */
    pythonPath: join(root, "src", "local"),
    /** Spark's S3 file system, and Iceberg. */
    jars: join(state, "jars"),
    /** Providers that Terraform downloaded, unpacked. */
    plugins: join(state, "plugins"),
    /** Terraform's CLI configuration, where a mirror was found. */
    terraformRc: join(state, "terraform.rc"),
    /** Who runs the local AWS that `lake local up` started, its log and its temporary files. */
    localRecord: join(state, "local.json"),
    localLog: join(state, "local.log"),
    localWork: join(state, "local"),
  } as const;
}

export type MachinePaths = ReturnType<typeof machinePaths>;
