import { NO_PARENT, PARENT_MISSING } from "../api/trace-columns.ts";
import type { SpanRows, SpanTree } from "./analysis.ts";
import { duplicateRows } from "./duplicate-rows.ts";
import { sortRows } from "./sort-rows.ts";

/**
 * The tree of a trace. `start` replaces the columns' own times where clocks were corrected; `duplicates` are known
 * when the same trace has had a tree before.
 *
 *     root ─┬─ a ─── b          parent -1: roots
 *           └─ c                parent -2 or nonsense: orphans, below a gap
 *     (gap) ─── d ─── e
 *     f ─── g ─── f             rings are cut before their earliest span: f ─── g
 */
export function buildTree(
  trace: SpanRows,
  start: ArrayLike<number> = trace.start,
  duplicates = duplicateRows(trace.n, trace.id),
): SpanTree {
  const { n } = trace;
  const parent = parents(trace);
  const isRing = cutRings(parent, start);
  const { childStart, childRows } = childrenByTime(parent, rowsByTime(n, start));
  const tops = childRows.subarray(childStart[n]!, childStart[n + 1]!);
  const roots = tops.filter((row) => parent[row] === NO_PARENT);
  const orphans = tops.filter((row) => parent[row] !== NO_PARENT && isRing[row] === 0);
  const rings = tops.filter((row) => isRing[row] === 1);
  const { order, depth } = parentsFirst([roots, orphans, rings], parent, childStart, childRows);
  const size = sizes(parent, order);
  return { n, parent, childStart, childRows, roots, orphans, rings, duplicates, order, depth, size };
}

/** See `SpanTree`. */
function childrenByTime(parent: Int32Array, byTime: Int32Array) {
  const n = parent.length;
  const childStart = new Int32Array(n + 2);
  for (let row = 0; row < n; row++) childStart[above(parent[row]!, n) + 1]!++;
  for (let row = 0; row <= n; row++) childStart[row + 1]! += childStart[row]!;
  const next = childStart.slice();
  const childRows = new Int32Array(n);
  for (let at = 0; at < n; at++) {
    const row = byTime[at]!;
    const place = above(parent[row]!, n);
    childRows[next[place]!] = row;
    next[place]!++;
  }
  return { childStart, childRows };
}

/** Parents before children, and how deep each row is. */
function parentsFirst(
  tops: readonly Int32Array[],
  parent: Int32Array,
  childStart: Int32Array,
  childRows: Int32Array,
) {
  const n = parent.length;
  const order = new Int32Array(n);
  const depth = new Int32Array(n);
  const waiting = new Int32Array(n);
  let placed = 0;
  let held = 0;
  for (const group of tops.toReversed()) {
    waiting.set(group.toReversed(), held);
    held += group.length;
  }
  while (held > 0) {
    const row = waiting[--held]!;
    order[placed++] = row;
    if (parent[row]! >= 0) depth[row] = depth[parent[row]!]! + 1;
    for (let at = childStart[row + 1]! - 1; at >= childStart[row]!; at--) waiting[held++] = childRows[at]!;
  }
  return { order, depth };
}

function sizes(parent: Int32Array, order: Int32Array): Int32Array {
  const size = new Int32Array(order.length).fill(1);
  for (let at = order.length - 1; at >= 0; at--) {
    const caller = parent[order[at]!]!;
    if (caller >= 0) size[caller]! += size[order[at]!]!;
  }
  return size;
}

function above(parent: number, n: number): number {
  return parent < 0 ? n : parent;
}

function parents({ n, parent }: SpanRows): Int32Array {
  const known = new Int32Array(n);
  for (let row = 0; row < n; row++) {
    const named = parent[row] ?? NO_PARENT;
    const isRow = Number.isInteger(named) && named >= 0 && named < n;
    known[row] = isRow || named === NO_PARENT ? named : PARENT_MISSING;
  }
  return known;
}

/** Those that start together stay in the order of the columns. */
function rowsByTime(n: number, start: ArrayLike<number>): Int32Array {
  const rows = new Int32Array(n);
  const times = new Float64Array(n);
  let isSorted = true;
  for (let row = 0; row < n; row++) {
    rows[row] = row;
    times[row] = start[row] || 0;
    if (row > 0 && times[row]! < times[row - 1]!) isSorted = false;
  }
  if (!isSorted) sortRows(rows, times);
  return rows;
}

/** Cuts each ring before its earliest span; 1 where it did. Each span is walked over twice at most. */
function cutRings(parent: Int32Array, start: ArrayLike<number>): Uint8Array {
  const isRing = new Uint8Array(parent.length);
  /** Number of the walk that came by; 0 for none. */
  const n = parent.length;
  const walks = new Int32Array(n);
  for (let first = 0; first < n; first++) {
    let row = first;
    while (row >= 0 && walks[row] === 0) {
      walks[row] = first + 1;
      row = parent[row]!;
    }
    if (row < 0 || walks[row] !== first + 1) continue;
    let earliest = row;
    for (let at = parent[row]!; at !== row; at = parent[at]!) {
      if ((start[at] || 0) < (start[earliest] || 0)) earliest = at;
    }
    parent[earliest] = PARENT_MISSING;
    isRing[earliest] = 1;
  }
  return isRing;
}
