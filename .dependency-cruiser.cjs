/** Who may import whom: docs of the layout, enforced by `npm run check`. */

const CONCERNS = "storage|network|processing|ingestion|orchestration|catalog|observability";
const CDKTF = "^node_modules/(cdktf|constructs|@cdktf/provider-aws)/";
const TYPE_ONLY = ["type-only"];

/** One rule: `from` may not import `to`. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    forbid("no-cycle", "Two files that need each other are one file.", {}, { circular: true }),
    forbid(
      "no-barrel",
      "Import a thing from the file that declares it.",
      {},
      { path: "/index\\.ts$", pathNot: "^node_modules/" },
    ),
    forbid("resolves", "It is not there.", {}, { couldNotResolve: true }),
    forbid(
      "no-dev-dependency",
      "What runs may not need what is installed for development.",
      {},
      { dependencyTypes: ["npm-dev"], dependencyTypesNot: TYPE_ONLY },
    ),
    forbid(
      "no-test-code",
      "Tests import the code, not the other way.",
      {},
      { path: "^__tests__/" },
    ),
    forbid(
      "provider-by-path",
      "The provider's root loads a thousand resources, 3.5 s at every synthesis.",
      {},
      { path: "^node_modules/@cdktf/provider-aws/(lib/)?index\\." },
    ),
    forbid(
      "main-composes",
      "main.ts knows the stacks, the configuration and what they are given.",
      { path: "^main\\.ts$" },
      { path: "^(src/.+/|lambda/)", pathNot: "^src/config/" },
    ),
    forbid(
      "stacks-from-src",
      "Stacks are composed of src.",
      { path: "^stacks/" },
      { path: "^(main\\.ts$|lambda/)" },
    ),
    forbid(
      "src-below-stacks",
      "What stacks are composed of knows no stack.",
      { path: "^src/" },
      { path: "^(main\\.ts$|stacks/)" },
    ),
    forbid(
      "tools-are-leaves",
      "The command and the local AWS use the rest; nothing uses them.",
      { pathNot: "^src/(cli|local)/" },
      { path: "^src/(cli|local)/" },
    ),
    forbid(
      "concerns-apart",
      "A concern takes values, or types, of another; the stack hands them over.",
      { path: `^src/(${CONCERNS})/` },
      { path: `^src/(${CONCERNS})/`, pathNot: "^src/$1/", dependencyTypesNot: TYPE_ONLY },
    ),
    forbid(
      "concerns-take-config-types",
      "Constructs take narrow props, never the configuration.",
      { path: `^src/(${CONCERNS})/` },
      { path: "^src/config/", dependencyTypesNot: TYPE_ONLY },
    ),
    forbid(
      "roots-below-concerns",
      "What concerns share knows none of them.",
      { path: "^src/[^/]+\\.ts$" },
      { path: `^src/(config|${CONCERNS})/` },
    ),
    forbid(
      "config-is-data",
      "The configuration knows names and nothing of AWS.",
      { path: "^src/config/" },
      { path: "^(src/|lambda/)", pathNot: "^src/(config/|naming\\.ts$)" },
    ),
    forbid(
      "pure-without-cdktf",
      "Plain data in, plain data out: tested without a synthesis.",
      { path: "^(src/config/|src/(naming|iam|bundle)\\.ts$|lambda/)" },
      { path: CDKTF },
    ),
    forbid(
      "lambda-alone",
      "A function is bundled by itself: what two share is in lambda/shared.",
      { path: "^lambda/([^/]+)/" },
      { path: "^(main\\.ts$|stacks/|src/|lambda/)", pathNot: "^lambda/($1|shared)/" },
    ),
    forbid(
      "lambda-by-contract",
      "Of a function, the rest knows the contract.",
      { path: "^src/" },
      { path: "^lambda/", pathNot: "^lambda/[^/]+/contract\\.ts$" },
    ),
  ],
  options: {
    doNotFollow: { path: "^node_modules/" },
    tsConfig: { fileName: "tsconfig.json" },
    // Sees `import type`, which is gone after compilation.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
