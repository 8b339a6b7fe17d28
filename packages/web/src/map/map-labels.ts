import type { Point } from "./map-curves.ts";
import { type MapLayout, NODE, type PlacedEdge } from "./map-layout.ts";

/** Where a label of an edge is; (x, y) is the foot of its first line. */
export interface EdgeLabel extends Point {
  readonly anchor: "start" | "middle" | "end";
  /** All of it in one line, where edges pass a column together. */
  readonly isOneLine: boolean;
}

/** How much room the words of an edge need, in characters. */
export interface LabelSize {
  readonly characters: number;
  readonly lines: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Candidate extends EdgeLabel {
  readonly box: Box;
}

const CHARACTER = 6.3;
export const LINE_HEIGHT = 14;
/** Between the middle of an edge's line and what stands above or below it. */
const AWAY = 7;
const FROM_NODE = 14;
/** What a label is over: a part of a line, or a node or another label. */
const COST = { point: 1, box: 20 };
/** With more edges there is no free place to be found, and looking for one would take long. */
const MOST_APART = 150;

/** A place for the label of each edge, away from lines and from each other as far as that goes. */
export function edgeLabels(
  { nodes, edges }: Pick<MapLayout, "nodes" | "edges">,
  sizeOf: (edge: PlacedEdge, isOneLine: boolean) => LabelSize,
): EdgeLabel[] {
  const points = edges.flatMap(({ line }) => line);
  // Nodes are in front of labels.
  const taken = nodes.map(({ left, top }): Box => {
    return { left, right: left + NODE.width, top, bottom: top + NODE.height };
  });
  return edges.map((edge) => {
    const candidates = candidatesOf(edge, sizeOf(edge, edge.slot !== undefined));
    if (edges.length > MOST_APART) return candidates[0]!;
    const costs = candidates.map(
      ({ box }) =>
        COST.box * taken.filter((other) => overlap(box, other)).length +
        COST.point * points.filter((point) => isInside(point, box)).length,
    );
    const best = candidates[costs.indexOf(Math.min(...costs))]!;
    taken.push(best.box);
    return best;
  });
}

/** The best first, if nothing were in the way. */
function candidatesOf({ line, slot }: PlacedEdge, { characters, lines }: LabelSize): Candidate[] {
  const width = characters * CHARACTER;
  const height = lines * LINE_HEIGHT;
  const place = ({ x, y }: Point, anchor: EdgeLabel["anchor"], isAbove: boolean): Candidate => {
    const left = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
    const top = isAbove ? y - AWAY - height : y + AWAY;
    return {
      ...{ x, y: top + LINE_HEIGHT - 3, anchor, isOneLine: slot !== undefined },
      box: { left, right: left + width, top, bottom: top + height },
    };
  };
  if (slot !== undefined) return [place(slot, "middle", true)];
  const [first, last] = [line[0]!, line.at(-1)!];
  const places: (readonly [Point, EdgeLabel["anchor"]])[] = [
    [line[Math.floor(line.length / 2)]!, "middle"],
    [{ x: last.x - FROM_NODE, y: last.y }, "end"],
    [{ x: first.x + FROM_NODE, y: first.y }, "start"],
    [line[Math.floor(line.length * 0.7)]!, "middle"],
    [line[Math.floor(line.length * 0.3)]!, "middle"],
  ];
  return places.flatMap(([point, anchor]) => [place(point, anchor, true), place(point, anchor, false)]);
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function isInside({ x, y }: Point, { left, right, top, bottom }: Box): boolean {
  return x > left && x < right && y > top - 2 && y < bottom + 2;
}
