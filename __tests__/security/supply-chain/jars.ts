/** The jars that the local Spark is given, as src/local/emulator/jars.py names them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/lake";

export interface Jar {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  readonly sha256: string;
}

/** Every jar with the hash that its file must have. */
export function jars(): Jar[] {
  const text = readFileSync(join(ROOT, "src", "local", "emulator", "jars.py"), "utf8");
  const versions = new Map(
    [...text.matchAll(/^([A-Z_]+) = "([\d.]+)"/gm)].map(([, name = "", version = ""]) => [
      name,
      version,
    ]),
  );
  const entries = text.matchAll(/f"([\w.-]+):([\w.-]+):\{([A-Z_]+)\}": \(\s*"([0-9a-f]*)"\s*\)/g);
  return [...entries].map(([, group = "", artifact = "", constant = "", sha256 = ""]) => ({
    group,
    artifact,
    version: versions.get(constant) ?? "",
    sha256,
  }));
}
