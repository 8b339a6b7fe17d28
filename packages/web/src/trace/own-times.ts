import { sortRows } from "@clew/protocol/analysis/sort-rows";
import type { ShownTree } from "./shown-tree.ts";

/** Times by row, microseconds. An end before its start counts as its start. */
export interface SpanTimes {
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
}

/** Stretches of time in which a span runs and none of those right below it does. */
export interface OwnStretches {
  readonly count: number;
  readonly span: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** The shown spans by their start; those that start together stay in the order of the tree. */
export function byStart({ order }: Pick<ShownTree, "order">, start: ArrayLike<number>): Int32Array {
  const rows = order.slice();
  const keys = new Float64Array(start.length);
  for (const row of rows) keys[row] = start[row] || 0;
  sortRows(rows, keys);
  return rows;
}

/** n log n at most, linear where spans come by their start. What a span's children do after its end is theirs alone. */
export function ownStretches(
  tree: Pick<ShownTree, "order" | "parent">,
  { start, end }: SpanTimes,
): OwnStretches {
  const rows = byStart(tree, start);
  /** By row: until where what happened in it is told. */
  const told = new Float64Array(start.length);
  for (const row of rows) told[row] = start[row] || 0;
  const span = new Int32Array(2 * rows.length);
  const from = new Float64Array(2 * rows.length);
  const to = new Float64Array(2 * rows.length);
  let count = 0;
  const tell = (row: number, begin: number, until: number): void => {
    if (until <= begin) return;
    span[count] = row;
    from[count] = begin;
    to[count++] = until;
  };
  for (const row of rows) {
    const above = tree.parent[row]!;
    if (above < 0) continue;
    const until = Math.min(end[row] || 0, end[above] || 0);
    if (until <= told[above]!) continue;
    tell(above, told[above]!, Math.min(start[row] || 0, until));
    told[above] = until;
  }
  for (const row of rows) tell(row, told[row]!, end[row] || 0);
  return { count, span, from: from.subarray(0, count), to: to.subarray(0, count) };
}

/** By row: time in which it ran and none of those right below it did; microseconds. */
export function ownTimes({ count, span, from, to }: OwnStretches, n: number): Float64Array {
  const own = new Float64Array(n);
  for (let at = 0; at < count; at++) own[span[at]!]! += to[at]! - from[at]!;
  return own;
}

/**
 * By row: its own time, of which a moment is shared out equally among all whose own it is. So all together are as
 * long as something ran, however much ran at once.
 */
export function sharedTimes({ count, span, from, to }: OwnStretches, n: number): Float64Array {
  const begins = from.slice().sort();
  const ends = to.slice().sort();
  const times = new Float64Array(2 * count);
  /** What one of those who ran all along would have got until then. */
  const parts = new Float64Array(2 * count);
  let [begun, ended, at] = [0, 0, 0];
  let [last, part] = [begins[0] ?? 0, 0];
  while (ended < count) {
    const isBegin = begun < count && begins[begun]! <= ends[ended]!;
    const now = isBegin ? begins[begun]! : ends[ended]!;
    if (begun > ended) part += (now - last) / (begun - ended);
    last = now;
    if (isBegin) begun++;
    else ended++;
    times[at] = now;
    parts[at++] = part;
  }
  const partAt = (time: number): number => {
    let low = 0;
    let high = at;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return parts[low]!;
  };
  const shared = new Float64Array(n);
  for (let stretch = 0; stretch < count; stretch++)
    shared[span[stretch]!]! += partAt(to[stretch]!) - partAt(from[stretch]!);
  return shared;
}
