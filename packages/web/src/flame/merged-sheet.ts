import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { ShownTree } from "../trace/shown-tree.ts";
import { type FlameSheet, sheetOf } from "./flame-sheet.ts";

/** Spans of the same name, kind and agent that were called along the same way are one bar. */
export interface MergedPaths {
  /** By row: its bar. */
  readonly barOf: Int32Array;
  readonly count: number;
  readonly parent: Int32Array;
  /** By bar: how many spans it is made of, and how many of them failed. */
  readonly spans: Int32Array;
  readonly errors: Int32Array;
  /** By bar: the span of it that took longest. */
  readonly longest: Int32Array;
}

/** Bars come before those below them. Linear, without recursion. */
export function mergePaths(trace: TraceColumns, { order, parent }: ShownTree): MergedPaths {
  const likes = likesOf(trace, order);
  const barOf = new Int32Array(trace.n).fill(-1);
  const known = new Map<number, number>();
  const parents: number[] = [];
  const spans: number[] = [];
  const errors: number[] = [];
  const longest: number[] = [];
  for (const row of order) {
    const above = parent[row]! < 0 ? -1 : barOf[parent[row]!]!;
    const key = (above + 1) * likes.count + likes.of[row]!;
    let bar = known.get(key);
    if (bar === undefined) {
      bar = parents.push(above) - 1;
      known.set(key, bar);
      spans.push(0);
      errors.push(0);
      longest.push(row);
    }
    barOf[row] = bar;
    spans[bar]!++;
    if (trace.status[row] === 2) errors[bar]!++;
    if ((trace.dur[row] ?? 0) > (trace.dur[longest[bar]!] ?? 0)) longest[bar] = row;
  }
  return {
    barOf,
    count: parents.length,
    parent: Int32Array.from(parents),
    spans: Int32Array.from(spans),
    errors: Int32Array.from(errors),
    longest: Int32Array.from(longest),
  };
}

/** By row, a number that is the same for spans of the same name, type, kind, agent and service. */
function likesOf({ name, type, kind, agent, service, n }: TraceColumns, order: Int32Array) {
  const columns = [name, type, kind, agent, service];
  const of = new Int32Array(n);
  let count = 1;
  // One column after the other: all of them in one number would not fit.
  for (const column of columns) {
    const known = new Map<number, number>();
    const base = column.reduce((most, value) => Math.max(most, value), 0) + 1;
    for (const row of order) {
      const key = of[row]! * base + (column[row] ?? 0);
      let like = known.get(key);
      if (like === undefined) {
        like = known.size;
        known.set(key, like);
      }
      of[row] = like;
    }
    count = Math.max(1, known.size);
  }
  return { of, count };
}

/** What was added up by bar. */
export interface MergedSums {
  /** With what is below. */
  readonly total: Float64Array;
  /** Without. */
  readonly own: Float64Array;
}

/** `own` is by row, of all rows that are shown, and must not be negative. */
export function sumPaths(paths: MergedPaths, own: ArrayLike<number>): MergedSums {
  const sums = new Float64Array(paths.count);
  for (let row = 0; row < paths.barOf.length; row++)
    if (paths.barOf[row]! >= 0) sums[paths.barOf[row]!]! += own[row] || 0;
  const total = sums.slice();
  for (let bar = paths.count - 1; bar >= 0; bar--) {
    const above = paths.parent[bar]!;
    if (above >= 0) total[above]! += total[bar]!;
  }
  return { total, own: sums };
}

/**
 * The largest first, from left to right; what right of its children is left over is a bar's own. Bars that amount to
 * nothing have no place.
 */
export function mergedSheet({ parent, count }: MergedPaths, { total }: MergedSums): FlameSheet {
  const bars = Int32Array.from({ length: count }, (_, bar) => bar);
  bars.sort((a, b) => total[b]! - total[a]! || a - b);
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  const levelOf = new Int32Array(count).fill(-1);
  const below: number[][] = Array.from({ length: count }, () => []);
  const tops: number[] = [];
  for (const bar of bars) {
    if (total[bar]! <= 0) break;
    (parent[bar]! < 0 ? tops : below[parent[bar]!]!).push(bar);
  }
  const place = (row: readonly number[], left: number, level: number): number => {
    let at = left;
    for (const bar of row) {
      from[bar] = at;
      at += total[bar]!;
      to[bar] = at;
      levelOf[bar] = level;
    }
    return at;
  };
  const end = place(tops, 0, 0);
  for (let bar = 0; bar < count; bar++)
    if (levelOf[bar]! >= 0) place(below[bar]!, from[bar]!, levelOf[bar]! + 1);
  const inOrder = bars.sort((a, b) => from[a]! - from[b]!);
  return sheetOf({ from, to, parent, levelOf }, inOrder, { from: 0, to: end });
}
