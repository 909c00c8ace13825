/** `npm audit signatures`: what it can end with, in words. */

/** What npm said. */
export interface Audit {
  readonly exitCode?: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** How it went: `verified`, `forged`, or `unknown` where nobody could be asked. */
export interface Verdict {
  readonly outcome: "verified" | "forged" | "unknown";
  readonly text: string;
}

/** Of an answer that signs nothing, or of no answer; npm CLI docs, npm-audit, and its messages. */
const UNASKED: readonly (readonly [RegExp, string])[] = [
  [
    /tuf|sigstore/i,
    "the keys of Sigstore (tuf-repo-cdn.sigstore.dev) are out of reach: with a proxy, let that host through",
  ],
  [
    /no dependencies to audit|keys? .*not found|does not (provide|have) .*(keys|signatures)|found no (dependencies|installed)/i,
    "the registry that npm is set to offers no signing keys; a mirror often has none. Ask npm's own: npm audit signatures --registry=https://registry.npmjs.org/",
  ],
  [
    /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|audit endpoint|40[345]|network/i,
    "the registry is out of reach, or does not answer audits",
  ],
];

/** Judges what npm ended with. What is neither proof nor a known want is taken for the worst. */
export function verdict({ exitCode, stdout, stderr }: Audit): Verdict {
  if (exitCode === 0 && counts(stdout) !== undefined)
    return { outcome: "verified", text: `Signatures verified: ${counts(stdout)}.` };
  if (/invalid (registry signature|attestation)|missing registry signature|tampered/i.test(stdout))
    return { outcome: "forged", text: stdout.trim() };
  const said = `${stdout}\n${stderr}`;
  const reason = UNASKED.find(([pattern]) => pattern.test(said))?.[1];
  if (reason !== undefined)
    return {
      outcome: "unknown",
      text: `Signatures not verified: ${reason}. What is installed is what package-lock.json has the SHA-512 of, all the same.`,
    };
  return {
    outcome: "forged",
    text: `npm audit signatures ended with ${exitCode}:\n${said.trim()}`,
  };
}

/** `886 packages have verified registry signatures`, and attestations where there are any. */
function counts(stdout: string): string | undefined {
  const found = stdout.match(/\d+ packages? ha(?:s|ve) (?:a )?verified [a-z ]+/g);
  return found?.map((line) => line.trim()).join(", ");
}
