/** What package-lock.json locks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/lake";

/** One entry, as npm writes it (npm docs, package-lock.json). */
export interface LockEntry {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Entries by the folder that npm puts them into; the project itself is at "". */
export type Lock = Readonly<Record<string, LockEntry>>;

/** One package of the registry, at one folder. */
export interface Installed {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly entry: LockEntry;
}

const FOLDER = "node_modules/";

/** The project's own lock. */
export function readLock(): Lock {
  return JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
}

/** All packages but the project and its workspaces, sorted by folder. */
export function installed(lock: Lock): Installed[] {
  return Object.entries(lock)
    .filter(([folder, { link }]) => folder.includes(FOLDER) && !link)
    .map(([folder, entry]) => ({
      folder,
      name: entry.name ?? folder.slice(folder.lastIndexOf(FOLDER) + FOLDER.length),
      version: entry.version ?? "",
      entry,
    }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** Folders of what a package requires, found as Node finds them: in it, or in a folder above. */
export function requiredBy(folder: string, lock: Lock): string[] {
  const entry = lock[folder] ?? {};
  const names = [
    entry.dependencies,
    entry.optionalDependencies,
    entry.peerDependencies,
    // Of the project alone: of others npm installs none.
    folder.includes(FOLDER) ? undefined : entry.devDependencies,
  ].flatMap((group) => Object.keys(group ?? {}));
  return [...new Set(names)].flatMap((name) => {
    for (let at = folder; ; at = above(at)) {
      const candidate = `${at === "" ? "" : `${at}/`}${FOLDER}${name}`;
      const found = lock[candidate];
      if (found?.link) return found.resolved === undefined ? [] : [found.resolved];
      if (found) return [candidate];
      if (at === "") return [];
    }
  });
}

function above(folder: string): string {
  const end = folder.lastIndexOf(`/${FOLDER}`);
  return end < 0 ? "" : folder.slice(0, end);
}
