import { NO_PARENT, PARENT_MISSING } from "../api/trace-columns.ts";
import type { SpanRows, SpanTree } from "./analysis.ts";

/**
 * The tree of a trace. `start` replaces the columns' own times where clocks were corrected.
 *
 *     root ─┬─ a ─── b          parent -1: roots
 *           └─ c                parent -2 or nonsense: orphans, below a gap
 *     (gap) ─── d ─── e
 *     f ─── g ─── f             rings are cut before their earliest span: f ─── g
 */
export function buildTree(trace: SpanRows, start: ArrayLike<number> = trace.start): SpanTree {
  const { n } = trace;
  const parent = parents(trace);
  const byTime = rowsByTime(n, start);
  const isRing = cutRings(parent, start);
  const childStart = new Int32Array(n + 2);
  for (let row = 0; row < n; row++) childStart[above(parent[row]!, n) + 1]!++;
  for (let row = 0; row <= n; row++) childStart[row + 1]! += childStart[row]!;
  const next = childStart.slice();
  const childRows = new Int32Array(n);
  for (const row of byTime) childRows[next[above(parent[row]!, n)]!++] = row;
  const tops = childRows.subarray(childStart[n]!, childStart[n + 1]!);
  const roots = tops.filter((row) => parent[row] === NO_PARENT);
  const orphans = tops.filter((row) => parent[row] !== NO_PARENT && isRing[row] === 0);
  const rings = tops.filter((row) => isRing[row] === 1);
  const order = new Int32Array(n);
  const depth = new Int32Array(n);
  let placed = 0;
  const waiting = new Int32Array(n);
  for (const group of [roots, orphans, rings]) {
    let held = 0;
    for (let at = group.length - 1; at >= 0; at--) waiting[held++] = group[at]!;
    while (held > 0) {
      const row = waiting[--held]!;
      order[placed++] = row;
      if (parent[row]! >= 0) depth[row] = depth[parent[row]!]! + 1;
      for (let at = childStart[row + 1]! - 1; at >= childStart[row]!; at--) waiting[held++] = childRows[at]!;
    }
  }
  const size = new Int32Array(n).fill(1);
  for (let at = n - 1; at >= 0; at--) {
    const row = order[at]!;
    if (parent[row]! >= 0) size[parent[row]!]! += size[row]!;
  }
  const duplicates = duplicateRows(trace);
  return { n, parent, childStart, childRows, roots, orphans, rings, duplicates, order, depth, size };
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
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  let isSorted = true;
  for (let row = 1; row < n && isSorted; row++) isSorted = start[row - 1]! <= start[row]!;
  return isSorted ? rows : rows.sort((a, b) => (start[a] || 0) - (start[b] || 0) || a - b);
}

/** Cuts each ring before its earliest span; 1 where it did. Each span is walked over twice at most. */
function cutRings(parent: Int32Array, start: ArrayLike<number>): Uint8Array {
  const isRing = new Uint8Array(parent.length);
  /** Number of the walk that came by; 0 for none. */
  const walks = new Int32Array(parent.length);
  for (let first = 0; first < parent.length; first++) {
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

function duplicateRows({ n, id }: SpanRows): Int32Array {
  const seen = new Set<string>();
  const again: number[] = [];
  for (let row = 0; row < n; row++) {
    const spanId = id[row] ?? "";
    if (seen.has(spanId)) again.push(row);
    else seen.add(spanId);
  }
  return Int32Array.from(again);
}
