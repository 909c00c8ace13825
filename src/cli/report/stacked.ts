/** The picture for a phone: boxes one under the other, arrows beside them in lanes. Pure. */
import type { Architecture, Arrow, Box } from "./architecture";
import type { Placed, PlacedArrow, PlacedBox, Point, Sizes } from "./layout";

/** Units between two lanes, and between boxes and the first lane. */
const LANE = 8;
const LANES_FROM = 14;
/** Units between the places where two arrows meet one side of a box. */
const PORT = 7;

/** Data to the right; what starts something, or went wrong, to the left. */
function isRight({ line }: Arrow): boolean {
  return line === "data";
}

/** An arrow with the rows that it joins and its lane, counted from the boxes outwards. */
interface Lane {
  readonly arrow: Arrow;
  readonly from: number;
  readonly to: number;
  readonly lane: number;
}

/** Stacks boxes in the order that they are given. */
export function stack(
  boxes: readonly Box[],
  { arrows }: Pick<Architecture, "arrows">,
  sizes: Sizes,
): Placed {
  const row = new Map(boxes.map(({ id }, i) => [id, i]));
  const sides = [false, true].map((right) =>
    lanesOf(
      arrows.filter((arrow) => isRight(arrow) === right),
      row,
    ),
  ) as [Lane[], Lane[]];
  const [left, right] = sides.map(
    (lanes) => LANES_FROM + LANE * Math.max(0, ...lanes.map(({ lane }) => lane)),
  ) as [number, number];
  let y = 0;
  const placed = boxes.map((box): PlacedBox => {
    const height = Math.max(sizes.heightOf(box), PORT * (1 + mostPorts(sides, row.get(box.id))));
    const one = {
      box,
      x: left + sizes.boxWidth / 2,
      y: y + height / 2,
      width: sizes.boxWidth,
      height,
    };
    y += height + sizes.gap;
    return one;
  });
  return {
    width: left + sizes.boxWidth + right,
    height: y - sizes.gap,
    boxes: placed,
    arrows: sides.flatMap((lanes) => lanes.map((one) => wayOf(one, lanes, placed))),
  };
}

/** The shortest arrows get the inner lanes; one lane is shared by arrows that do not meet. */
function lanesOf(arrows: readonly Arrow[], row: ReadonlyMap<string, number>): Lane[] {
  const at = (id: string) => row.get(id) ?? 0;
  const span = ({ from, to }: Arrow) => Math.abs(at(from) - at(to));
  const lanes: Lane[] = [];
  for (const arrow of [...arrows].sort((a, b) => span(a) - span(b))) {
    const [from, to] = [at(arrow.from), at(arrow.to)];
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    const taken = new Set(
      lanes
        .filter((one) => Math.min(one.from, one.to) < last && first < Math.max(one.from, one.to))
        .map(({ lane }) => lane),
    );
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    lanes.push({ arrow, from, to, lane });
  }
  return lanes;
}

function mostPorts(sides: readonly (readonly Lane[])[], row: number | undefined): number {
  return Math.max(
    ...sides.map((lanes) => lanes.filter(({ from, to }) => from === row || to === row).length),
  );
}

function wayOf(one: Lane, lanes: readonly Lane[], placed: readonly PlacedBox[]): PlacedArrow {
  const start = portOf(one, one.from, lanes, placed);
  const end = portOf(one, one.to, lanes, placed);
  const out = LANES_FROM + one.lane * LANE;
  const x = start.x + (isRight(one.arrow) ? out : -out);
  return { arrow: one.arrow, points: [start, { x, y: start.y }, { x, y: end.y }, end] };
}

/**
 * What comes from above meets a box above what goes below. Of those from above the inner lanes come
 * first, of those below the outer ones: so no two of them cross at the box.
 */
function portOf(
  one: Lane,
  row: number,
  lanes: readonly Lane[],
  placed: readonly PlacedBox[],
): Point {
  const { x, y, width } = placed[row] as PlacedBox;
  const other = (lane: Lane) => (lane.from === row ? lane.to : lane.from);
  const rank = (lane: Lane) => (other(lane) < row ? lane.lane : 1000 - lane.lane);
  const here = lanes
    .filter(({ from, to }) => from === row || to === row)
    .sort((a, b) => rank(a) - rank(b));
  const offset = (here.indexOf(one) - (here.length - 1) / 2) * PORT;
  return { x: x + (isRight(one.arrow) ? width / 2 : -width / 2), y: y + offset };
}
