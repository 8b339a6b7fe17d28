import { byStart, type SpanTimes } from "../trace/own-times.ts";
import type { ShownTree } from "../trace/shown-tree.ts";
import { type FlameSheet, sheetOf } from "./flame-sheet.ts";
import { NumberHeap } from "./number-heap.ts";

/**
 * Spans over time, each right of where it began and below the one that it belongs to. Siblings that ran at once lie
 * below each other with all that is below them, so that no bar covers another and what is below a bar within its time
 * belongs to it or to its siblings' block:
 *
 *     invoke_agent ├─────────────────────────┤
 *     one tool      ├─execute_tool────┤
 *     its calls      ├─POST──┤ ├─POST─┤
 *     another, at the same time ├─execute_tool──┤
 *
 * Bars are rows of the trace. n log n, without recursion.
 */
export function timeSheet(tree: ShownTree, times: SpanTimes): FlameSheet {
  const { order, parent } = tree;
  const n = times.start.length;
  const from = Float64Array.from({ length: n }, (_, row) => times.start[row] || 0);
  const to = Float64Array.from({ length: n }, (_, row) => Math.max(from[row]!, times.end[row] || 0));
  const { childStart, children } = childrenOf(tree, n);
  /** What a span and all below it take up: the time, and levels. */
  const blockFrom = from.slice();
  const blockTo = to.slice();
  const height = new Int32Array(n + 1);
  /** Levels between the top of a span and the bottom of its parent. */
  const lowered = new Int32Array(n);
  const pack = (above: number): void => {
    const own = children.subarray(childStart[above]!, childStart[above + 1]!);
    height[above] = (above < n ? 1 : 0) + packed(own, blockFrom, blockTo, height, lowered);
    if (above === n) return;
    for (const row of own) {
      if (blockFrom[row]! < blockFrom[above]!) blockFrom[above] = blockFrom[row]!;
      if (blockTo[row]! > blockTo[above]!) blockTo[above] = blockTo[row]!;
    }
  };
  for (let at = order.length - 1; at >= 0; at--) pack(order[at]!);
  pack(n);
  const levelOf = new Int32Array(n).fill(-1);
  for (const row of order) levelOf[row] = lowered[row]! + (parent[row]! < 0 ? 0 : levelOf[parent[row]!]! + 1);
  const rows = byStart(tree, from);
  let end = 0;
  for (const row of rows) end = Math.max(end, to[row]!);
  return sheetOf({ from, to, parent, levelOf }, rows, {
    from: rows.length > 0 ? from[rows[0]!]! : 0,
    to: end,
  });
}

/** The children of row i are `children` from `childStart[i]` up to `childStart[i + 1]`; row n has the tops. */
function childrenOf({ order, parent }: ShownTree, n: number) {
  const above = (row: number): number => (parent[row]! < 0 ? n : parent[row]!);
  const childStart = new Int32Array(n + 2);
  for (const row of order) childStart[above(row) + 1]!++;
  for (let row = 0; row <= n; row++) childStart[row + 1]! += childStart[row]!;
  const next = childStart.slice();
  const children = new Int32Array(order.length);
  for (const row of order) {
    children[next[above(row)]!] = row;
    next[above(row)]!++;
  }
  return { childStart, children };
}

/** Puts blocks into tracks, each into the uppermost that is free, and says how high all tracks are together. */
function packed(
  blocks: Int32Array,
  from: Float64Array,
  to: Float64Array,
  height: Int32Array,
  lowered: Int32Array,
): number {
  if (blocks.length === 0) return 0;
  let tallest = 0;
  let isOneTrack = true;
  for (let at = 0; at < blocks.length; at++) {
    const block = blocks[at]!;
    if (at > 0 && from[block]! < to[blocks[at - 1]!]!) isOneTrack = false;
    tallest = Math.max(tallest, height[block]!);
  }
  if (isOneTrack) return tallest;
  const sorted = blocks.slice().sort((a, b) => from[a]! - from[b]! || a - b);
  const busy = new NumberHeap();
  const free = new NumberHeap();
  const trackOf = new Int32Array(sorted.length);
  const heights: number[] = [];
  for (const [at, block] of sorted.entries()) {
    while (busy.least <= from[block]!) {
      const track = busy.pop()!;
      free.push(track, track);
    }
    const track = free.pop() ?? heights.push(0) - 1;
    trackOf[at] = track;
    heights[track] = Math.max(heights[track]!, height[block]!);
    busy.push(to[block]!, track);
  }
  const tops: number[] = [];
  let top = 0;
  for (const one of heights) {
    tops.push(top);
    top += one;
  }
  for (const [at, block] of sorted.entries()) lowered[block] = tops[trackOf[at]!]!;
  return top;
}
