/** Places for boxes and ways for arrows, by dagre: layers from the top, arrows around boxes. */
import * as dagre from "@dagrejs/dagre";
import type { Architecture, Arrow, Box } from "./architecture";

/** Sizes of a picture, in its own units; one is a CSS pixel where it is shown full size. */
export interface Sizes {
  /** That the whole should not exceed. */
  readonly width: number;
  readonly boxWidth: number;
  /** Room around a box that stands in a network, for the network's frame and its name. */
  readonly frameRoom: number;
  /** Between boxes of one layer. */
  readonly gap: number;
  /** Between layers. */
  readonly layerGap: number;
  readonly heightOf: (box: Box) => number;
}

/** A box with its place: the middle, and its size without the frame. */
export interface PlacedBox {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow and its way: straight between the points of a pair, bent between pairs. */
export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly points: readonly Point[];
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

/** The part of the arrows that keeps the main way straight. */
const WEIGHT: Readonly<Record<Arrow["line"], number>> = { data: 3, call: 2, failure: 1 };

/** Layouts that are tried, each the best one so far with a few arrows changed. */
const TRIES = 320;
/** Arrows that are changed in one try, on average. */
const CHANGES = 4;
/** Most layers that an arrow may be asked to reach over. */
const MAX_LAYERS = 3;
/** Park and Miller's generator: the same picture on every machine. */
const MULTIPLIER = 48271;
const MODULUS = 2147483647;

/** What dagre's layout depends on beside the graph: the order of arrows, and how far each reaches. */
interface Hint {
  readonly order: number;
  readonly layers: number;
}

/** Corners that dagre can push boxes to; without one it takes the mean of all four. */
const CORNERS = ["UL", "UR", "DL", "DR", undefined] as const;
type Corner = (typeof CORNERS)[number];

/**
 * Lays out the boxes that arrows join; the others have no place in a flow. Dagre makes few layers,
 * however wide: arrows that reach further make it narrow, and which ones is found by trying.
 */
export function layOut(architecture: Architecture, sizes: Sizes, tries = TRIES): Placed {
  let state = 1;
  const random = () => {
    state = (state * MULTIPLIER) % MODULUS;
    return state / MODULUS;
  };
  let hints: readonly Hint[] = architecture.arrows.map((_, order) => ({ order, layers: 1 }));
  let corner: Corner;
  let best = oneLayout(architecture, sizes, hints, corner);
  let least = badness(best, sizes);
  for (let i = 0; i < tries; i += 1) {
    const tried = hints.map((hint) =>
      random() * hints.length > CHANGES
        ? hint
        : { order: random() * hints.length, layers: 1 + Math.floor(random() ** 2 * MAX_LAYERS) },
    );
    const pushed = random() < 0.3 ? CORNERS[Math.floor(random() * CORNERS.length)] : corner;
    const one = oneLayout(architecture, sizes, tried, pushed);
    const bad = badness(one, sizes);
    if (bad >= least) continue;
    [best, least, hints, corner] = [one, bad, tried, pushed];
  }
  return best;
}

function oneLayout(
  { boxes, arrows }: Architecture,
  sizes: Sizes,
  hints: readonly Hint[],
  corner: Corner,
): Placed {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: "TB",
    nodesep: sizes.gap,
    edgesep: sizes.gap / 2,
    ranksep: sizes.layerGap,
    ranker: "network-simplex",
    ...(corner && { align: corner }),
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const joined = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const drawn = boxes.filter(({ id }) => joined.has(id));
  for (const box of drawn) {
    const room = box.frame === undefined ? 0 : sizes.frameRoom;
    graph.setNode(box.id, {
      width: sizes.boxWidth + 2 * room,
      height: sizes.heightOf(box) + 2 * room,
    });
  }
  const hinted = arrows.map((arrow, i) => ({ arrow, ...(hints[i] as Hint) }));
  for (const { arrow, layers } of hinted.sort((a, b) => a.order - b.order))
    graph.setEdge(arrow.from, arrow.to, { weight: WEIGHT[arrow.line], minlen: layers });
  dagre.layout(graph);
  const placed = drawn.map((box) => {
    const { x = 0, y = 0 } = graph.node(box.id);
    return { box, x, y, width: sizes.boxWidth, height: sizes.heightOf(box) };
  });
  return within(placed, waysOf(arrows, placed, graph), sizes.frameRoom);
}

/** Moves all so that nothing is left of or above the picture. */
function within(
  boxes: readonly PlacedBox[],
  arrows: readonly PlacedArrow[],
  frameRoom: number,
): Placed {
  const corners = boxes.flatMap(({ box, x, y, width, height }) => {
    const room = box.frame === undefined ? 0 : frameRoom;
    const [w, h] = [width / 2 + room, height / 2 + room];
    return [
      { x: x - w, y: y - h },
      { x: x + w, y: y + h },
    ];
  });
  const points = [...corners, ...arrows.flatMap((one) => one.points)];
  if (points.length === 0) return { width: 0, height: 0, boxes, arrows };
  const [left, right] = extent(points.map(({ x }) => x));
  const [top, bottom] = extent(points.map(({ y }) => y));
  const moved = <T extends Point>(point: T): T => ({
    ...point,
    x: point.x - left,
    y: point.y - top,
  });
  return {
    width: right - left,
    height: bottom - top,
    boxes: boxes.map(moved),
    arrows: arrows.map((one) => ({ ...one, points: one.points.map(moved) })),
  };
}

function extent(values: readonly number[]): [least: number, most: number] {
  return [Math.min(...values), Math.max(...values)];
}

/** What a reader would not like: width beyond the wanted, height, long ways and crossings. */
function badness({ width, height, arrows }: Placed, sizes: Sizes): number {
  const segments = arrows.flatMap(({ points }, way) =>
    points.slice(1).map((to, i) => ({ from: points[i] as Point, to, way })),
  );
  let length = 0;
  let crossings = 0;
  for (const [i, one] of segments.entries()) {
    length += distance(one.from, one.to);
    for (const other of segments.slice(i + 1))
      if (one.way !== other.way && cross(one, other)) crossings += 1;
  }
  const tooWide = Math.max(0, width - sizes.width);
  return 20 * tooWide + 1.5 * height + length / 5 + 60 * crossings;
}

/** By the square root, which is exact everywhere: Math.hypot is another one in another engine. */
export function distance(a: Point, b: Point): number {
  return Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

interface Segment {
  readonly from: Point;
  readonly to: Point;
}

function cross(one: Segment, other: Segment): boolean {
  const side = ({ from, to }: Segment, p: Point) =>
    Math.sign((to.x - from.x) * (p.y - from.y) - (to.y - from.y) * (p.x - from.x));
  return (
    side(one, other.from) * side(one, other.to) < 0 &&
    side(other, one.from) * side(other, one.to) < 0
  );
}

function waysOf(
  arrows: readonly Arrow[],
  placed: readonly PlacedBox[],
  graph: dagre.graphlib.Graph,
): PlacedArrow[] {
  const layers = layersOf(placed);
  const ways = arrows.map((arrow) => {
    const bends: Point[] = graph.edge(arrow.from, arrow.to).points.slice(1, -1);
    const from = placed.find(({ box }) => box.id === arrow.from) as PlacedBox;
    const to = placed.find(({ box }) => box.id === arrow.to) as PlacedBox;
    return { arrow, bends, from, to, down: to.y > from.y };
  });
  return ways.map((way) => {
    const start = port(way, way.from, ways);
    const end = port(way, way.to, ways);
    // Past a layer of boxes an arrow goes straight: a bend there would cut a corner.
    const past = way.bends.flatMap(({ x, y }) => {
      const layer = layers.find((one) => Math.abs(one.y - y) < 1);
      if (!layer) return [];
      const [first, last] = [y - layer.half, y + layer.half];
      return way.down
        ? [
            { x, y: first },
            { x, y: last },
          ]
        : [
            { x, y: last },
            { x, y: first },
          ];
    });
    return { arrow: way.arrow, points: [start, ...past, end] };
  });
}

interface Way {
  readonly arrow: Arrow;
  readonly bends: readonly Point[];
  readonly from: PlacedBox;
  readonly to: PlacedBox;
  readonly down: boolean;
}

/** Where an arrow meets a box: those of one side share it evenly, in the order of their other ends. */
function port(way: Way, box: PlacedBox, ways: readonly Way[]): Point {
  const below = (one: Way) => (one.from === box) === one.down;
  const side = below(way);
  const toward = (one: Way) => {
    const bend = one.from === box ? one.bends[0] : one.bends.at(-1);
    return (one.from === box ? one.to.x : one.from.x) + (bend?.x ?? 0) * 1000;
  };
  const together = ways
    .filter((one) => (one.from === box || one.to === box) && below(one) === side)
    .sort((a, b) => toward(a) - toward(b));
  const step = Math.min(28, (box.width * 0.7) / together.length);
  const offset = (together.indexOf(way) - (together.length - 1) / 2) * step;
  return { x: box.x + offset, y: box.y + (side ? box.height / 2 : -box.height / 2) };
}

/** Heights of the layers that dagre made: its bends past a layer have the layer's own middle. */
function layersOf(placed: readonly PlacedBox[]): { y: number; half: number }[] {
  const layers: { y: number; half: number }[] = [];
  for (const { y, height } of placed) {
    const layer = layers.find((one) => Math.abs(one.y - y) < 1);
    if (layer) layer.half = Math.max(layer.half, height / 2);
    else layers.push({ y, half: height / 2 });
  }
  return layers;
}
