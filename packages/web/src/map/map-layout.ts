import type { MapAnswer, MapEdge, MapNode } from "@clew/protocol/api/map";
import { columnsOf, type Pair, SLOT, type Slot } from "./map-columns.ts";
import { type Point, pathOf, sampled } from "./map-curves.ts";
import { callersFirst } from "./map-order.ts";

/** More nodes than this cannot be told apart. */
export const MOST_NODES = 60;
export const NODE = { width: 190, height: SLOT.node };
const GAP_X = 184;
const PAD = 24;
/** Room for the tip of an arrow. */
const TIP = 9;

export interface PlacedNode {
  readonly node: MapNode;
  readonly left: number;
  readonly top: number;
  readonly column: number;
}

export interface PlacedEdge {
  readonly edge: MapEdge;
  readonly path: string;
  /** Points along the line. */
  readonly line: readonly Point[];
  /** The middle of the room of its own that it has in a column between its nodes. */
  readonly slot?: Point;
}

/** A map as it is drawn, in CSS pixels. */
export interface MapLayout {
  readonly width: number;
  readonly height: number;
  /** By column, in each from top to bottom. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  /** Nodes without a place: there are too many. */
  readonly leftOut: number;
}

/** From left to right in the order of calls; what is called back by who comes later goes from right to left. */
export function mapLayout(answer: Pick<MapAnswer, "nodes" | "edges">): MapLayout {
  const shown = answer.nodes.slice(0, MOST_NODES);
  const keys = new Set(shown.map(({ key }) => key));
  const edges = answer.edges.filter(({ from, to }) => keys.has(from) && keys.has(to));
  const nodes = callersFirst(shown, edges);
  const indexOf = new Map(nodes.map(({ key }, at) => [key, at]));
  const bundles = bundlesOf(edges, indexOf);
  const columns = columnsOf(nodes.length, bundles);
  const slots = [...columns.nodes, ...columns.ways.flat()];
  const highest = least(slots.map(({ middle, height }) => middle - height / 2));
  const lowest = -least(slots.map(({ middle, height }) => -middle - height / 2));
  const last = Math.max(0, ...columns.nodes.map(({ column }) => column));
  const shift = PAD - highest;
  const placed = nodes.map((node, at): PlacedNode => {
    const { column, middle } = columns.nodes[at]!;
    return { node, column, left: leftOf(column), top: middle + shift - NODE.height / 2 };
  });
  const routed = routes(bundles, columns.ways, placed, shift);
  const loops = edges
    .filter(({ from, to }) => from === to)
    .map((edge) => loop(edge, placed[indexOf.get(edge.from)!]!));
  return {
    width: 2 * PAD + (last + 1) * NODE.width + last * GAP_X,
    height: lowest - highest + 2 * PAD,
    nodes: placed.toSorted((a, b) => a.column - b.column || a.top - b.top),
    edges: [...routed, ...loops],
    leftOut: answer.nodes.length - shown.length,
  };
}

function leftOf(column: number): number {
  return PAD + column * (NODE.width + GAP_X);
}

/** 0 of none. */
function least(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.min(...values);
}

interface Bundle extends Pair {
  readonly all: readonly MapEdge[];
}

/** All edges between two nodes go the same way; those of busier nodes have theirs first. */
function bundlesOf(edges: readonly MapEdge[], indexOf: ReadonlyMap<string, number>): Bundle[] {
  const found = new Map<string, MapEdge[]>();
  for (const edge of edges) {
    if (edge.from === edge.to) continue;
    const ends = [indexOf.get(edge.from)!, indexOf.get(edge.to)!].sort((a, b) => a - b);
    const key = ends.join(" ");
    const known = found.get(key);
    if (known === undefined) found.set(key, [edge]);
    else known.push(edge);
  }
  return [...found].map(([key, all]) => {
    const [left, right] = key.split(" ").map(Number);
    return { left: left!, right: right!, edges: all.length, all };
  });
}

interface Route {
  readonly edge: MapEdge;
  readonly left: number;
  readonly right: number;
  /** Its own line through the slots on the way. */
  readonly through: readonly Point[];
  readonly isBack: boolean;
}

function routes(
  bundles: readonly Bundle[],
  ways: readonly (readonly Slot[])[],
  placed: readonly PlacedNode[],
  shift: number,
): PlacedEdge[] {
  const all = bundles.flatMap(({ left, right, all: edges }, bundle) =>
    edges.map((edge, at): Route => {
      const aside = (at - (edges.length - 1) / 2) * SLOT.edge;
      const through = ways[bundle]!.flatMap(({ column, middle }) => {
        const y = middle + shift + aside;
        return [
          { x: leftOf(column), y },
          { x: leftOf(column) + NODE.width, y },
        ];
      });
      return { edge, left, right, through, isBack: placed[left]!.node.key !== edge.from };
    }),
  );
  const leaves = ports(all, placed, "left");
  const arrives = ports(all, placed, "right");
  return all.map((route): PlacedEdge => {
    const { left, right, through, isBack } = route;
    const start = { x: placed[left]!.left + NODE.width, y: leaves.get(route)! };
    const end = { x: placed[right]!.left, y: arrives.get(route)! };
    const points = [start, ...through, end];
    const tipped = isBack
      ? [{ ...start, x: start.x + TIP }, ...points.slice(1)].reverse()
      : [...points.slice(0, -1), { ...end, x: end.x - TIP }];
    return { edge: route.edge, path: pathOf(tipped), line: sampled(points), ...slotOf(points) };
  });
}

/** Where edges touch the side of a node: beside each other, in the order of where they go. */
function ports(
  all: readonly Route[],
  placed: readonly PlacedNode[],
  end: "left" | "right",
): Map<Route, number> {
  const found = new Map<Route, number>();
  const middle = (node: number): number => placed[node]!.top + NODE.height / 2;
  const towards = ({ through, left, right }: Route): number =>
    end === "left" ? (through[0]?.y ?? middle(right)) : (through.at(-1)?.y ?? middle(left));
  for (const [node, own] of Map.groupBy(all, (route) => route[end])) {
    const sorted = own.toSorted((a, b) => towards(a) - towards(b));
    const { top } = placed[node]!;
    for (const [at, route] of sorted.entries())
      found.set(route, top + (NODE.height * (at + 1)) / (sorted.length + 1));
  }
  return found;
}

/** In the middle one of the columns that it passes. */
function slotOf(points: readonly Point[]): { readonly slot?: Point } {
  const first = 1 + 2 * Math.floor((points.length - 2) / 4);
  const [a, b] = [points[first], points[first + 1]];
  return points.length < 4 || a === undefined || b === undefined
    ? {}
    : { slot: { x: (a.x + b.x) / 2, y: a.y } };
}

/** Above the node, from its right to its left half. */
function loop(edge: MapEdge, { left, top }: PlacedNode): PlacedEdge {
  const [x1, x2, high] = [left + NODE.width * 0.72, left + NODE.width * 0.5, top - SLOT.gap * 0.8];
  return {
    edge,
    path: `M${x1} ${top}C${x1} ${high} ${x2} ${high} ${x2} ${top - TIP}`,
    line: [{ x: x1, y: top }],
    slot: { x: left + NODE.width, y: top },
  };
}
