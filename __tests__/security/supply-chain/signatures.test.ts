import { expect, test } from "vitest";
import { verdict } from "./signatures";

const audit = (exitCode: number, stdout: string, stderr = "") =>
  verdict({ exitCode, stdout, stderr });

test("what npm has verified is counted", () => {
  const { outcome, text } = audit(
    0,
    "audited 736 packages in 9s\n\n736 packages have verified registry signatures\n\n88 packages have verified attestations\n",
  );
  expect(outcome).toBe("verified");
  expect(text).toBe(
    "Signatures verified: 736 packages have verified registry signatures, 88 packages have verified attestations.",
  );
});

test.each([
  "audited 2 packages in 0s\n\n1 package has an invalid registry signature:\n\nkms@1.0.0\n",
  "1 package has a missing registry signature but the registry is providing signing keys:\n",
  "1 package has an invalid attestation:\n\nSomeone might have tampered with this package\n",
  "something that npm has never said before",
])("what is wrong is an error, and so is what nobody knows: %j", (stdout) => {
  expect(audit(1, stdout).outcome).toBe("forged");
});

test("a success without a count proves nothing", () => {
  expect(audit(0, "").outcome).not.toBe("verified");
});

test.each([
  [
    "npm error network request to https://tuf-repo-cdn.sigstore.dev/15.root.json failed",
    "Sigstore",
  ],
  ["npm error code ENOTFOUND", "out of reach"],
  ["npm error audit endpoint returned an error", "does not answer audits"],
  [
    "npm error found no dependencies to audit that were installed from a supported registry",
    "no signing keys",
  ],
])("where nobody could be asked, that is said: %s", (stderr, said) => {
  const { outcome, text } = audit(1, "", stderr);
  expect(outcome).toBe("unknown");
  expect(text).toContain(said);
});
