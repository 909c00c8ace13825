/** The architecture as SVG: readable by itself, in light and dark, and inside the page. Pure. */
import type { Architecture, Arrow, Box } from "./architecture";
import { COLOR_STYLE, PICTURE_STYLE } from "./colors";
import { type Content, html, Markup } from "./html";
import { ICONS } from "./icons";
import {
  distance,
  layOut,
  type Placed,
  type PlacedArrow,
  type PlacedBox,
  type Point,
  type Sizes,
} from "./layout";
import { stack } from "./stacked";

/** How much room the picture has. */
export interface Format {
  /** Told apart in one page, where element ids must not meet. */
  readonly name: "wide" | "narrow";
  readonly sizes: Omit<Sizes, "heightOf">;
  /** Characters that a title and a line below it hold. */
  readonly titleLength: number;
  readonly lineLength: number;
}

/** For about 900 pixels: in layers. */
export const WIDE: Format = {
  name: "wide",
  sizes: { width: 940, boxWidth: 198, frameRoom: 22, gap: 20, layerGap: 42 },
  titleLength: 18,
  lineLength: 23,
};
/** For a phone: one box under the other. */
export const NARROW: Format = {
  name: "narrow",
  sizes: { width: 360, boxWidth: 210, frameRoom: 0, gap: 14, layerGap: 0 },
  titleLength: 18,
  lineLength: 24,
};

const MARGIN = 16;
const LEGEND_HEIGHT = 44;
const CORNER = 6;
const TITLE_LEADING = 18;
const LINE_LEADING = 16;

/** One picture as an `<svg>` element; its styles are `PICTURE_STYLE`. */
export function picture(architecture: Architecture, title: string, format: Format): Markup {
  const sizes = { ...format.sizes, heightOf: (box: Box) => heightOf(box, format) };
  const placed =
    format.name === "wide"
      ? layOut(architecture, sizes)
      : stack(
          [...inOrder(layOut(architecture, sizes, 0)), ...apart(architecture)],
          architecture,
          sizes,
        );
  const around = aroundOf(format.name === "wide" ? apart(architecture) : [], placed, format);
  const width = Math.max(placed.width, around.width) + 2 * MARGIN;
  const height = placed.height + around.height + LEGEND_HEIGHT + 2 * MARGIN;
  const middle = (inner: number) => round((width - inner) / 2);
  const id = `architecture-${format.name}`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="picture ${format.name}" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="img" aria-labelledby="${id}">
<title id="${id}">${title}</title>
<defs>${(["data", "call", "failure"] as const).map((line) => marker(format, line))}</defs>
<rect class="ground" width="100%" height="100%" rx="12"/>
<g transform="translate(${middle(placed.width)} ${MARGIN})">
${placed.boxes.map((one) => frame(architecture, one, format))}
${placed.arrows.map((one) => way(one, format))}
${placed.boxes.map((one) => card(one, format))}
</g>
<g transform="translate(${middle(around.width)} ${round(MARGIN + placed.height)})">
${around.content}
</g>
${legend(width / 2, height - MARGIN, format)}
</svg>`;
}

/** The picture as a file of its own, with its colours; `note` says how it came about. */
export function standalone(
  architecture: Architecture,
  title: string,
  format: Format,
  note: string,
): string {
  const { text } = picture(architecture, title, format);
  const style = new Markup(`${COLOR_STYLE}\n${PICTURE_STYLE}`);
  return `${text.replace("<defs>", html`<!-- ${note} -->\n<style>${style}</style>\n<defs>`.text)}\n`;
}

/** As one reads the layers. */
function inOrder({ boxes }: Placed): Box[] {
  return [...boxes].sort((a, b) => a.y - b.y || a.x - b.x).map(({ box }) => box);
}

/** Boxes that no arrow joins. */
function apart({ boxes, arrows }: Architecture): Box[] {
  const joined = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  return boxes.filter(({ id, kind }) => !joined.has(id) && kind.place !== "frame");
}

/** What the three kinds of arrows mean. */
function legend(middle: number, y: number, { name }: Format): Markup {
  const step = name === "wide" ? 150 : 112;
  const length = name === "wide" ? 34 : 26;
  const words = { data: "data, events", call: "control", failure: "gives up" } as const;
  return html`<g class="legend">${(Object.keys(words) as (keyof typeof words)[]).map((line, i) => {
    const x = round(middle + (i - 1.5) * step);
    return html`<path class="arrow ${line}" d="M${x} ${round(y - 4)}h${length}" marker-end="url(#${name}-${line})"/><text class="line" x="${x + length + 7}" y="${round(y)}">${words[line]}</text>`;
  })}</g>`;
}

function linesOf(box: Box, { titleLength, lineLength, sizes }: Format) {
  // Without room for a frame the network is said in words.
  const detail =
    box.frame !== undefined && sizes.frameRoom === 0 ? `VPC: ${box.detail}` : box.detail;
  const titles = box.resources.length > 3 ? [] : box.resources.map(({ name }) => name);
  const word =
    box.resources.length > 1 ? `${box.resources.length} ${box.kind.word}s` : box.kind.word;
  return {
    titles: (titles.length > 0 ? titles : [word]).flatMap((name) =>
      wrap(name.replaceAll("_", " "), titleLength),
    ),
    lines: [
      ...(titles.length > 0 ? wrap(word, lineLength) : []),
      ...wrap(detail ?? "", lineLength),
    ],
  };
}

function heightOf(box: Box, format: Format): number {
  const { titles, lines } = linesOf(box, format);
  return 20 + titles.length * TITLE_LEADING + lines.length * LINE_LEADING;
}

function card({ box, x, y, width, height }: PlacedBox, format: Format): Markup {
  const { titles, lines } = linesOf(box, format);
  const left = 44;
  const text = titles.length * TITLE_LEADING + lines.length * LINE_LEADING;
  const top = (height - text) / 2 + 14;
  return html`<g class="box ${box.kind.tone}" transform="translate(${round(x - width / 2)} ${round(y - height / 2)})"><title>${box.resources.map(({ address }) => address).join(", ")}</title>
<rect class="card" width="${width}" height="${height}" rx="8"/>
<path class="icon" transform="translate(11 ${round(height / 2 - 12)})" d="${ICONS[box.type] ?? ""}"/>
${titles.map((text, i) => html`<text class="name" x="${left}" y="${round(top + i * TITLE_LEADING)}">${text}</text>`)}
${lines.map((text, i) => html`<text class="line" x="${left}" y="${round(top - 1 + titles.length * TITLE_LEADING + i * LINE_LEADING)}">${text}</text>`)}
</g>
`;
}

function frame(
  { boxes }: Architecture,
  { box, x, y, width, height }: PlacedBox,
  { sizes }: Format,
): Content {
  const network = boxes.find(({ id }) => id === box.frame);
  if (!network || sizes.frameRoom === 0) return undefined;
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
  const d = name === "wide" ? curves(first, rest) : corners(first, rest);
  return html`<path class="arrow ${arrow.line}" d="${d}" marker-end="url(#${name}-${arrow.line})"><title>${arrow.from} ${arrow.verb} ${arrow.to}</title></path>
`;
}

/** Bent and straight in turn. */
function curves(first: Point, rest: readonly Point[]): string {
  let at = first;
  let d = `M${round(first.x)} ${round(first.y)}`;
  for (const [i, next] of rest.entries()) {
    const middle = round((at.y + next.y) / 2);
    d +=
      i % 2 === 1
        ? `L${round(next.x)} ${round(next.y)}`
        : `C${round(at.x)} ${middle} ${round(next.x)} ${middle} ${round(next.x)} ${round(next.y)}`;
    at = next;
  }
  return d;
}

/** Straight, with round corners. */
function corners(first: Point, rest: readonly Point[]): string {
  let d = `M${round(first.x)} ${round(first.y)}`;
  for (const [i, at] of rest.entries()) {
    const next = rest[i + 1];
    const before = rest[i - 1] ?? first;
    if (!next) d += `L${round(at.x)} ${round(at.y)}`;
    else {
      const [a, b] = [toward(at, before), toward(at, next)];
      d += `L${round(a.x)} ${round(a.y)}Q${round(at.x)} ${round(at.y)} ${round(b.x)} ${round(b.y)}`;
    }
  }
  return d;
}

/** A point near one, on the way to another. */
function toward(from: Point, to: Point): Point {
  const length = distance(from, to);
  const share = length === 0 ? 0 : Math.min(CORNER, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** Boxes in rows under the flow. */
function aroundOf(rest: readonly Box[], placed: Placed, format: Format) {
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
