/** The software bill of materials: CycloneDX 1.6 as JSON, the same for the same locks. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/lake";
import { type Component, components, direct } from "./components";
import { asSpdx } from "./licences";

/** Builds it. It has no time of its own, and its serial number is derived from its content. */
export function bom() {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const all = components();
  const root = `pkg:npm/${name}@${version}`;
  const content = {
    metadata: {
      component: {
        type: "application",
        "bom-ref": root,
        name,
        version,
        purl: root,
        licenses: [{ license: { id: license } }],
      },
    },
    components: all.map(described),
    dependencies: [
      { ref: root, dependsOn: direct(all) },
      ...all.map(({ purl, requires }) => ({ ref: purl, dependsOn: requires })),
    ],
  };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    version: 1,
    ...content,
  };
}

function described({ kind, group, name, version, purl, licence, runtime, hashes }: Component) {
  return {
    type: "library",
    "bom-ref": purl,
    ...(group && { group }),
    name,
    version,
    // Excluded: documented, and no part of what runs.
    scope: runtime ? "required" : "excluded",
    licenses: [asSpdx(licence)],
    purl,
    // A version on PyPI is several files, each with a hash of its own.
    ...(kind === "Python"
      ? {
          externalReferences: [
            { type: "distribution", url: `https://pypi.org/project/${name}/${version}/`, hashes },
          ],
        }
      : hashes.length > 0 && { hashes }),
  };
}

/** A UUID of version 8 (RFC 9562: of one's own making) from a SHA-256. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
