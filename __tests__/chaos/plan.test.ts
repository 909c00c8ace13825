import { describe, expect, it } from "vitest";
import { physicalNames } from "../../src/naming";
import { faultKinds, requestsOf } from "./fault-kinds";
import { contentOf } from "./files";
import { SOURCES } from "./lake";
import { fingerprint, type Operation, planOf } from "./plan";
import { Random } from "./random";

const planned = (seed: number, events = 300) => planOf({ seed, events, sources: SOURCES });
const operationsOf = (seed: number, events?: number): Operation[] =>
  planned(seed, events).rounds.flatMap(({ before, during }) => [...before, ...during]);

describe("a plan", () => {
  it("is the same for the same seed, bytes of the files included, and another for another", () => {
    const bytes = (seed: number) =>
      operationsOf(seed).map((one) =>
        one.kind === "delete" ? one.key : [...contentOf(one.file, new Random(one.file.seed))],
      );
    expect(planned(7)).toEqual(planned(7));
    expect(bytes(7)).toEqual(bytes(7));
    expect(planned(7)).not.toEqual(planned(8));
    expect(fingerprint(planned(7))).toBe(fingerprint(planned(7)));
    expect(fingerprint(planned(7))).not.toBe(fingerprint(planned(8)));
  });

  it.each([1, 2, 24, 299, 300, 301])("has as many events as asked for: %i", (events) => {
    expect(operationsOf(3, events)).toHaveLength(events);
  });

  it("deals every kind of fault, and every kind of event while a job runs too", () => {
    const { rounds } = planned(1);
    const faults = new Set(rounds.flatMap((round) => round.faults.map(({ kind }) => kind)));
    expect([...faults].sort()).toEqual([...faultKinds(SOURCES)].sort());
    const kinds = new Set(rounds.flatMap(({ during }) => during.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(["again", "delete", "late", "overwrite", "upload"]);
  });

  it("never names two records alike, and overwrites and deletes only what lies there", () => {
    const names = new Set<string>();
    const live = new Map<string, string>();
    for (const one of operationsOf(5)) {
      if (one.kind === "delete") {
        expect(live.delete(one.key)).toBe(true);
        continue;
      }
      const { key, name } = one.file;
      if (one.kind === "again") expect(live.get(key)).toBe(name);
      else {
        expect(live.has(key)).toBe(one.kind === "overwrite");
        expect(names.has(name)).toBe(false);
      }
      names.add(name);
      live.set(key, name);
    }
    expect(names.size).toBeGreaterThan(100);
  });

  it("asks for faults that exist: each by hand, or a call with an error or a kill", () => {
    const names = physicalNames({ project: "lake", environment: "local" });
    for (const kind of faultKinds(SOURCES))
      for (const draw of [0, 0.5, 0.99])
        for (const request of requestsOf(kind, names, draw) ?? []) {
          expect(request.error ?? request.kill, kind).toBeDefined();
          expect(() => new RegExp(request.match ?? ""), kind).not.toThrow();
        }
  });

  it("has a busy crawler only where there is one", () => {
    expect(faultKinds(SOURCES.filter(({ layout }) => layout === "iceberg"))).not.toContain(
      "crawler busy",
    );
  });
});

describe("random numbers", () => {
  it("are those of the seed, within their bounds, and reach both ends", () => {
    const [one, other] = [new Random(42), new Random(42)];
    const drawn = Array.from({ length: 1000 }, () => one.integer(3, 6));
    expect(drawn).toEqual(Array.from({ length: 1000 }, () => other.integer(3, 6)));
    expect([...new Set(drawn)].sort()).toEqual([3, 4, 5, 6]);
  });

  it("shuffle without loss", () => {
    const list = Array.from({ length: 50 }, (_, at) => at);
    const shuffled = new Random(1).shuffled(list);
    expect(shuffled).not.toEqual(list);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(list);
  });
});
