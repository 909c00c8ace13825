/** The architecture as SVG: readable by itself, in light and dark, and inside the page. Pure. */
import type { Architecture, Arrow, Box } from "./architecture";
import { type Content, html, type Markup } from "./html";
import { ICONS } from "./icons";
import { layOut, type Placed, type PlacedArrow, type PlacedBox, type Sizes } from "./layout";

/** How much room the picture has. */
export interface Format {
  /** Told apart in one page, where element ids must not meet. */
  readonly name: "wide" | "narrow";
  readonly sizes: Omit<Sizes, "heightOf">;
  /** Characters that a title and a line below it hold. */
  readonly titleLength: number;
  readonly lineLength: number;
}

/** For about 900 pixels. */
export const WIDE: Format = {
  name: "wide",
  sizes: { width: 900, boxWidth: 196, frameRoom: 22, gap: 20, layerGap: 42 },
  titleLength: 18,
  lineLength: 23,
};
/** For a phone. */
export const NARROW: Format = {
  name: "narrow",
  sizes: { width: 430, boxWidth: 132, frameRoom: 14, gap: 10, layerGap: 30 },
  titleLength: 12,
  lineLength: 15,
};

const MARGIN = 16;
const LEGEND_HEIGHT = 44;
const TITLE_LEADING = 18;
const LINE_LEADING = 16;

/** One picture as an `<svg>` element; its styles are `PICTURE_STYLE`. */
export function picture(architecture: Architecture, title: string, format: Format): Markup {
  const placed = layOut(architecture, {
    ...format.sizes,
    heightOf: (box) => heightOf(box, format),
  });
  const around = aroundOf(architecture, placed, format);
  const width = Math.max(placed.width, around.width) + 2 * MARGIN;
  const height = placed.height + around.height + LEGEND_HEIGHT + 2 * MARGIN;
  const shift = (width - 2 * MARGIN - placed.width) / 2;
  const id = `architecture-${format.name}`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="picture ${format.name}" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="img" aria-labelledby="${id}">
<title id="${id}">${title}</title>
<defs>${(["data", "call", "failure"] as const).map((line) => marker(format, line))}</defs>
<rect class="ground" width="100%" height="100%" rx="12"/>
<g transform="translate(${round(MARGIN + shift)} ${MARGIN})">
${placed.boxes.map((one) => frame(architecture, one, format))}
${placed.arrows.map((one) => way(one, format))}
${placed.boxes.map((one) => card(one, format))}
</g>
<g transform="translate(${round(MARGIN + (width - 2 * MARGIN - around.width) / 2)} ${round(MARGIN + placed.height)})">
${around.content}
</g>
${legend(width / 2, height - MARGIN, format)}
</svg>`;
}

/** What the three kinds of arrows mean. */
function legend(middle: number, y: number, { name }: Format): Markup {
  const step = name === "wide" ? 150 : 104;
  const words = { data: "data goes", call: "starts, tells", failure: "gives up to" } as const;
  return html`<g class="legend">${(Object.keys(words) as (keyof typeof words)[]).map((line, i) => {
    const x = round(middle + (i - 1.5) * step);
    return html`<path class="arrow ${line}" d="M${x} ${round(y - 4)}h34" marker-end="url(#${name}-${line})"/><text class="line" x="${x + 42}" y="${round(y)}">${words[line]}</text>`;
  })}</g>`;
}

function linesOf(box: Box, { titleLength, lineLength }: Format) {
  const titles = box.resources.length > 3 ? [] : box.resources.map(({ name }) => name);
  const word =
    box.resources.length > 1 ? `${box.resources.length} ${box.kind.word}s` : box.kind.word;
  return {
    titles: (titles.length > 0 ? titles : [word]).flatMap((name) =>
      wrap(name.replaceAll("_", " "), titleLength),
    ),
    lines: [
      ...(titles.length > 0 ? wrap(word, lineLength) : []),
      ...wrap(box.detail ?? "", lineLength),
    ],
  };
}

function heightOf(box: Box, format: Format): number {
  const { titles, lines } = linesOf(box, format);
  return 20 + titles.length * TITLE_LEADING + lines.length * LINE_LEADING;
}

function card({ box, x, y, width, height }: PlacedBox, format: Format): Markup {
  const { titles, lines } = linesOf(box, format);
  const left = format.name === "wide" ? 44 : 32;
  const scale = format.name === "wide" ? 1 : 0.75;
  const top = 24;
  return html`<g class="box ${box.kind.tone}" transform="translate(${round(x - width / 2)} ${round(y - height / 2)})"><title>${box.resources.map(({ address }) => address).join(", ")}</title>
<rect class="card" width="${width}" height="${height}" rx="8"/>
<path class="icon" transform="translate(${format.name === "wide" ? 11 : 8} ${round(height / 2 - 12 * scale)}) scale(${scale})" d="${ICONS[box.type] ?? ""}"/>
${titles.map((text, i) => html`<text class="name" x="${left}" y="${top + i * TITLE_LEADING}">${text}</text>`)}
${lines.map((text, i) => html`<text class="line" x="${left}" y="${top - 1 + titles.length * TITLE_LEADING + i * LINE_LEADING}">${text}</text>`)}
</g>
`;
}

function frame(
  { boxes }: Architecture,
  { box, x, y, width, height }: PlacedBox,
  { sizes }: Format,
): Content {
  const network = boxes.find(({ id }) => id === box.frame);
  if (!network) return undefined;
  const [w, h] = [width + 2 * sizes.frameRoom - 8, height + 2 * sizes.frameRoom];
  return html`<g class="frame"><title>${network.id}</title><rect x="${round(x - w / 2)}" y="${round(y - h / 2)}" width="${w}" height="${h}" rx="12"/><text class="line" x="${round(x - w / 2 + 12)}" y="${round(y - h / 2 + sizes.frameRoom - 6)}">${network.kind.word}</text></g>
`;
}

function marker({ name }: Format, line: Arrow["line"]): Markup {
  return html`<marker id="${name}-${line}" class="head ${line}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.500L8 4L0 7.500z"/></marker>`;
}

function way({ arrow, points }: PlacedArrow, { name }: Format): Markup {
  const [first, ...rest] = points;
  if (!first) return html``;
  let at = first;
  let straight = false;
  let d = `M${round(first.x)} ${round(first.y)}`;
  for (const next of rest) {
    const middle = round((at.y + next.y) / 2);
    d += straight
      ? `L${round(next.x)} ${round(next.y)}`
      : `C${round(at.x)} ${middle} ${round(next.x)} ${middle} ${round(next.x)} ${round(next.y)}`;
    straight = !straight;
    at = next;
  }
  return html`<path class="arrow ${arrow.line}" d="${d}" marker-end="url(#${name}-${arrow.line})"><title>${arrow.from} ${arrow.verb} ${arrow.to}</title></path>
`;
}

/** Boxes that no arrow joins, in rows under the flow. */
function aroundOf({ boxes, arrows }: Architecture, placed: Placed, format: Format) {
  const joined = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const rest = boxes.filter(({ id, kind }) => !joined.has(id) && kind.place !== "frame");
  if (rest.length === 0) return { width: 0, height: 0, content: undefined };
  const { boxWidth, gap } = format.sizes;
  const inRow = Math.min(
    rest.length,
    Math.max(1, Math.floor((placed.width + gap) / (boxWidth + gap))),
  );
  const width = inRow * (boxWidth + gap) - gap;
  const height = Math.max(...rest.map((box) => heightOf(box, format)));
  const rows = Math.ceil(rest.length / inRow);
  const content = rest.map((box, i) =>
    card(
      {
        box,
        x: (i % inRow) * (boxWidth + gap) + boxWidth / 2,
        y: format.sizes.layerGap + Math.floor(i / inRow) * (height + gap) + height / 2,
        width: boxWidth,
        height,
      },
      format,
    ),
  );
  return { width, height: format.sizes.layerGap + rows * (height + gap) - gap, content };
}

/** Words on lines of so many characters at most; a longer word is cut. */
function wrap(text: string, length: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const shown = word.length > length ? `${word.slice(0, length - 1)}…` : word;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + shown.length <= length)
      lines[lines.length - 1] = `${last} ${shown}`;
    else lines.push(shown);
  }
  return lines;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
