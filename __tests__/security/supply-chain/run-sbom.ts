/** `npm run sbom [-- FILE]`: the bill of materials, into a file or on stdout. */
import { writeFileSync } from "node:fs";
import { bom } from "./bom";

const text = `${JSON.stringify(bom(), null, 2)}\n`;
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(text);
else {
  writeFileSync(file, text);
  console.error(`${file}: ${bom().components.length} components`);
}
