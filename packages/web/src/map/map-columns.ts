import { layered } from "../lanes/graph-layout.ts";

/** A node, or where an edge passes a column between those that it connects. */
export interface Slot {
  readonly column: number;
  /** Distance of the middle from that of the sheet. */
  readonly middle: number;
  readonly height: number;
}

/** Two nodes with something between them, the earlier one first. */
export interface Pair {
  readonly left: number;
  readonly right: number;
  /** How many edges there are between them. */
  readonly edges: number;
}

export interface Columns {
  /** By node. */
  readonly nodes: readonly Slot[];
  /** By pair, the slots on its way; empty for neighbours, and for pairs that go straight through. */
  readonly ways: readonly (readonly Slot[])[];
}

/** Heights, and the room between nodes; beside an edge there is less. */
export const SLOT = { node: 92, edge: 20, gap: 26, edgeGap: 10 };
/** More slots than this help nobody; pairs after that go straight. */
const MOST_WAYPOINTS = 240;
const SWEEPS = 6;

/** Puts nodes into columns from left to right, and keeps room for what passes. Pairs are told the busiest first. */
export function columnsOf(nodes: number, pairs: readonly Pair[]): Columns {
  const edges = pairs.map(({ left, right }) => ({ from: left, to: right }));
  const rough = layered(nodes, edges);
  const heights = new Array<number>(nodes).fill(SLOT.node);
  const columns = rough.map(({ column }) => column);
  const chains = pairs.map(({ left, right, edges: count }) => {
    const between = columns[right]! - columns[left]! - 1;
    if (between === 0 || columns.length - nodes + between > MOST_WAYPOINTS) return [];
    return Array.from({ length: between }, (_, at) => {
      heights.push(Math.min(count * SLOT.edge + 6, SLOT.node - 1));
      return columns.push(columns[left]! + 1 + at) - 1;
    });
  });
  // Those of an earlier column come first, so that every step of a way leads forward.
  const order = columns.map((_, item) => item).sort((a, b) => columns[a]! - columns[b]! || a - b);
  const placeOf = new Map(order.map((item, at) => [item, at]));
  const steps = pairs.flatMap(({ left, right }, pair) => {
    const way = [left, ...chains[pair]!, right];
    return way.slice(1).map((to, at) => ({ from: placeOf.get(way[at]!)!, to: placeOf.get(to)! }));
  });
  const places = layered(order.length, steps);
  const middles = settled(
    places.map((place, at) => ({ ...place, height: heights[order[at]!]! })),
    steps,
  );
  const slotOf = (item: number): Slot => {
    const at = placeOf.get(item)!;
    return { column: places[at]!.column, middle: middles[at]!, height: heights[item]! };
  };
  return {
    nodes: rough.map((_, node) => slotOf(node)),
    ways: chains.map((chain) => chain.map(slotOf)),
  };
}

interface Placed {
  readonly column: number;
  readonly row: number;
  readonly height: number;
}

/** The middle of each, near to what it is connected with; in their order, without overlap. */
function settled(
  items: readonly Placed[],
  steps: readonly { readonly from: number; readonly to: number }[],
): number[] {
  const own: number[][] = [];
  for (const [item, { column }] of items.entries()) (own[column] ??= []).push(item);
  for (const column of own) column.sort((a, b) => items[a]!.row - items[b]!.row);
  const before: number[][] = items.map(() => []);
  const after: number[][] = items.map(() => []);
  for (const { from, to } of steps) {
    before[to]!.push(from);
    after[from]!.push(to);
  }
  const middle = new Array<number>(items.length).fill(0);
  const settle = (column: readonly number[], wanted: readonly number[]): void => {
    const found = spread(
      wanted,
      column.map((item) => items[item]!.height),
    );
    for (const [at, item] of column.entries()) middle[item] = found[at]!;
  };
  for (const column of own)
    settle(
      column,
      column.map(() => 0),
    );
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isRightward = sweep % 2 === 0;
    for (const column of isRightward ? own : own.toReversed()) {
      settle(
        column,
        column.map((item) => mean((isRightward ? before : after)[item]!, middle) ?? middle[item]!),
      );
    }
  }
  return middle;
}

function mean(of: readonly number[], middle: readonly number[]): number | undefined {
  return of.length === 0 ? undefined : of.reduce((sum, item) => sum + middle[item]!, 0) / of.length;
}

/** As near to the wanted places as their order and heights allow: what would overlap is put around its own mean. */
export function spread(wanted: readonly number[], heights: readonly number[]): number[] {
  const offsets: number[] = [];
  for (const [at, height] of heights.entries())
    offsets.push(
      at === 0 ? 0 : offsets[at - 1]! + (heights[at - 1]! + height) / 2 + gap(heights[at - 1]!, height),
    );
  const blocks: { sum: number; count: number }[] = [];
  for (const [at, want] of wanted.entries()) {
    let block = { sum: want - offsets[at]!, count: 1 };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum / last.count <= block.sum / block.count) break;
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks
    .flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count))
    .map((start, at) => start + offsets[at]!);
}

function gap(above: number, below: number): number {
  return Math.min(above, below) < SLOT.node ? SLOT.edgeGap : SLOT.gap;
}
