/**
 * `npm run bench`: every benchmark in turn, and at the end every ratio with its goal beside it, met
 * or missed. Exit 0 where all was measured, whatever came out.
 */
import { type Benchmark, extent, type Ratio, ratioTable } from "./ratio";

const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  compaction: async () => (await import("./compaction")).benchCompaction,
  query: async () => (await import("./query")).benchQuery,
  etl: async () => (await import("./etl")).benchEtl,
  synth: async () => (await import("./synth")).benchSynth,
  plan: async () => (await import("./plan")).benchPlan,
  start: async () => (await import("./start")).benchStart,
  lambda: async () => (await import("./lambda")).benchLambda,
  upload: async () => (await import("./start-upload")).benchUpload,
};

const ratios: Ratio[] = [];
for (const [name, load] of Object.entries(BENCHMARKS)) {
  console.log(`\n── bench:${name}`);
  const benchmark = await load();
  ratios.push(...(await benchmark(extent(process.argv.slice(2)))));
}
console.log(`\n${ratioTable(ratios)}`);
