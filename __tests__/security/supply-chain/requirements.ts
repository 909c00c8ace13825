/** What the locked Python requirements hold. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/lake";

/** One requirement as pip reads it. */
export interface Requirement {
  readonly name: string;
  readonly version: string;
  /** Python and platform that it is for, such as `python_full_version < '3.11'`. */
  readonly marker: string | undefined;
  /** SHA-256 of each file of that version, sorted. */
  readonly sha256: readonly string[];
  /** Packages that ask for it; one with a slash is a file of requirements. */
  readonly via: readonly string[];
}

/** Text of one file of requirements. */
export function readRequirements(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/**
 * Parses what `uv pip compile --generate-hashes` writes.
 * @throws Error at a requirement that is not one exact version with hashes, by its line
 */
export function parseRequirements(text: string): Requirement[] {
  // A requirement begins at the margin; what is indented belongs to it.
  const blocks = text.split(/\n(?=[^\s#])/).filter((block) => /^[^\s#]/.test(block));
  return blocks.map((block) => {
    const [head = "", ...rest] = block.replaceAll("\\\n", "\n").split("\n");
    const [, name = "", version = "", marker] =
      /^([\w.-]+)==([\w.!+]+)(?:\s*;\s*(.+?))?\s*$/.exec(head) ?? [];
    if (name === "")
      throw new Error(`"${head}": expected name==version, from the index and of one version`);
    const sha256 = rest.flatMap(
      (line) => /^\s+--hash=sha256:([0-9a-f]{64})\s*$/.exec(line)?.[1] ?? [],
    );
    if (sha256.length === 0) throw new Error(`"${head}": expected a --hash=sha256: of each file`);
    const strange = rest.find((line) => !/^\s*(--hash=sha256:[0-9a-f]{64}\s*|#.*)?$/.test(line));
    if (strange !== undefined) throw new Error(`"${head}": did not expect "${strange.trim()}"`);
    const via = rest
      .map((line) => line.replace(/^\s*#\s*(via\s*)?/, "").trim())
      .filter((line, at) => /^\s*#/.test(rest[at] ?? "") && line !== "")
      .map((line) => line.replace(/^-r /, ""));
    return { name: name.toLowerCase(), version, marker, sha256: sha256.sort(), via };
  });
}
