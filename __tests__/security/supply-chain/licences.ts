/** Which licences the project takes. */
import type { Component } from "./components";

/** Taken without asking: permissive ones, and MPL-2.0, the project's own. */
export const ALLOWED: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "CNRI-Python",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "PSF-2.0",
  "Unlicense",
  "Zlib",
];

/** Components whose licence is no SPDX identifier, each with what was found when it was looked up. */
export const REVIEWED: Readonly<Record<string, string>> = {
  "pkg:npm/jsonify@0.0.1": "in the public domain, as its package.json and its readme say",
};

/** Why a component may not be used; undefined where it may. */
export function objection({ purl, licence }: Component): string | undefined {
  if (purl in REVIEWED) return undefined;
  if (licence === "") return `${purl}: says no licence`;
  return isAllowed(licence) ? undefined : `${purl}: ${licence}`;
}

/** Whether an SPDX expression leaves a way that is allowed: any part of OR, every part of AND. */
export function isAllowed(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const either = (): boolean => {
    let allowed = both();
    while (tokens[at] === "OR") {
      at += 1;
      allowed = both() || allowed;
    }
    return allowed;
  };
  const both = (): boolean => {
    let allowed = one();
    while (tokens[at] === "AND") {
      at += 1;
      allowed = one() && allowed;
    }
    return allowed;
  };
  const one = (): boolean => {
    const token = tokens[at++];
    if (token !== "(") return ALLOWED.includes(token ?? "");
    const allowed = either();
    return tokens[at++] === ")" && allowed;
  };
  return either() && at === tokens.length;
}

/** As CycloneDX has it: one identifier, an expression, or a name that is none. */
export function asSpdx(licence: string) {
  if (/^[A-Za-z0-9.+-]+$/.test(licence)) return { license: { id: licence } };
  if (/\b(OR|AND)\b/.test(licence)) return { expression: licence };
  return { license: { name: licence || "none said" } };
}

/** docs/licences.md. */
export function markdown(all: readonly Component[]): string {
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  const licences = [...new Set(all.map(({ licence }) => licence))].sort();
  const of = (licence: string) => all.filter((one) => one.licence === licence);
  const counts = licences.map(
    (licence) =>
      `| ${licence} | ${kinds.map((kind) => of(licence).filter((one) => one.kind === kind).length || "").join(" | ")} |`,
  );
  const named = (one: Component) => `${one.group ? `${one.group}:` : ""}${one.name} ${one.version}`;
  return `# Licences of what the project uses

<!-- Written from the locks: npm run licences -->

What it installs by npm and pip, the jars of the local Spark, and the Terraform provider, in every version that is locked. Allowed are ${ALLOWED.join(", ")}; another licence fails the tests by name. Of \`OR\`, one is enough. \`npm run sbom\` writes the same as CycloneDX, with hashes.

| Licence | ${kinds.join(" | ")} |
| --- | ${kinds.map(() => "---").join(" | ")} |
${counts.join("\n")}

## Part of what runs

In AWS, or in the \`lake\` command.

${list(all.filter(({ runtime }) => runtime))}

## For tests and the local AWS

${list(all.filter(({ runtime }) => !runtime))}
`;

  function list(some: readonly Component[]): string {
    const groups = licences.map(
      (licence) => [licence, some.filter((one) => one.licence === licence)] as const,
    );
    return groups
      .filter(([, ones]) => ones.length > 0)
      .map(([licence, ones]) => `**${licence}**: ${ones.map(named).join(", ")}`)
      .join("\n\n");
  }
}
