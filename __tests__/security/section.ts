/** What `npm run security` prints: figures under a heading, and what is wrong. */
export interface Section {
  readonly title: string;
  /** Figures and lists, a line each. */
  readonly lines: readonly string[];
  /** What is wrong, a line each; none where all is well. */
  readonly faults: readonly string[];
}

/** All sections as plain text, with what is wrong at the end, where a reader looks. */
export function inText(sections: readonly Section[]): string {
  const figures = sections.flatMap(({ title, lines }) => [
    title,
    ...lines.map((line) => `  ${line}`),
  ]);
  const faults = sections.flatMap(({ title, faults }) =>
    faults.map((fault) => `  ${title}: ${fault}`),
  );
  const verdict = faults.length === 0 ? ["failed 0"] : [`failed ${faults.length}`, ...faults];
  return [...figures, ...verdict].join("\n");
}

/** `12 of 12 (100 %)`; never rounded up to a hundred. */
export function share(part: number, of: number): string {
  const percent = of === 0 ? 0 : Math.floor((100 * part) / of);
  return `${part} of ${of} (${percent} %)`;
}
