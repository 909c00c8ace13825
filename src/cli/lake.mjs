#!/usr/bin/env node
// Plain JavaScript that any Node.js reads: the rest is TypeScript, which tsx runs in this process.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  console.error(
    `lake needs Node.js 20.9 or later; ${process.execPath} is ${process.versions.node}. https://nodejs.org/en/download`,
  );
  process.exit(1);
}
// npm start reports what it does, not what the SDK plans for Node.js 20 in later versions of itself.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
const { register } = await import("tsx/esm/api");
register();
await import("./main.ts");
