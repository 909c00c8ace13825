/** Variable definitions as text: `*.tfvars` or `*.tfvars.json`. */
import { readHcl } from "./hcl";
import { readJson } from "./json";
import type { Layer } from "./layer";

/** Some editors begin a file with it; Terraform reads over it. */
const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * Reads the text of a file by its name's ending.
 * @throws EnvironmentError where the text is no tfvars or no JSON
 */
export async function readDocument(file: string, text: string): Promise<Layer> {
  const plain = text.replace(BYTE_ORDER_MARK, "");
  return file.endsWith(".json") ? readJson(file, plain) : readHcl(file, plain);
}
