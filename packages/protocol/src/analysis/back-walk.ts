import type { SpanRows, SpanTree, TraceClock } from "./analysis.ts";
import { sortRows } from "./sort-rows.ts";
import { isCall } from "./span-role.ts";
import { STRETCH, type Stretches } from "./stretches.ts";

/** Times that are cut to the millisecond let a call end that much after the next one starts. */
const TICK_US = 1_000;
const NONE = -1;

export interface BackWalkInput {
  readonly trace: SpanRows;
  readonly tree: SpanTree;
  readonly clock: TraceClock;
  /** Until when its caller waits for a span: its end, or that of the answer to a message. */
  readonly awaited: Float64Array;
  /** Until when something goes on at or below a span. */
  readonly last: Float64Array;
  /** 1 for spans that are taken as a whole: what is below them is another walk's. */
  readonly isWhole?: Uint8Array;
  /** For a span that was begun by a message: the row that sent it, or -1. */
  readonly sentBy?: (row: number) => number;
}

/**
 * Walks time backwards and tells at each moment what was waited for: the child that ended last, then that which ended
 * last before that one began, and so on, in each of them the same.
 *
 *     root    ├──────────────────────────────────┤
 *     a          ├────────┤                             a ended before c began: walked
 *     b          ├───┤                                  was over before a: not walked
 *     c                     ├────────┤                  ended last: walked first
 *             ◀──╴◀───────╴◀╴◀───────╴◀──────────┤
 *             own     a    own   c        own
 *
 * After a span's own end only what it left going on can explain the time: then its children are taken by when all
 * below them is over. A walk may begin at any span; all walks of one such function together look at each span once.
 *
 * The function that is returned walks from `untilUs` back to the start of `top`, with row n to that of the trace, and
 * adds what it comes by.
 */
export function backWalk(input: BackWalkInput): (top: number, untilUs: number, found: Stretches) => void {
  const { trace, tree, clock, awaited, last, isWhole, sentBy } = input;
  const { n, parent, childStart } = tree;
  // What is above the trace has no time of its own.
  const start = withTop(clock.start, clock.fromUs);
  const end = withTop(clock.end, clock.fromUs);
  const byAwaited = tree.childRows.slice();
  const byLast = tree.childRows.slice();
  /** How many children are left to look at; -1 before the first look. */
  const awaitedLeft = new Int32Array(n + 1).fill(NONE);
  const lastLeft = new Int32Array(n + 1).fill(NONE);
  /** Of the children that are going on when everything else is looked at, the one that began first. */
  const goingOn = new Int32Array(n + 1).fill(NONE);

  /** Those that are equal stay in order of start. */
  const sorted = (rows: Int32Array, row: number, key: Float64Array): number => {
    const from = childStart[row]!;
    const to = childStart[row + 1]!;
    sortRows(rows, key, from, to);
    return to - from;
  };

  /** The child that was waited for last, of those that ended by now. */
  const awaitedOf = (row: number, cursor: number, floor: number): number => {
    const from = Math.max(start[row]!, floor);
    const first = childStart[row]!;
    if (cursor <= from || childStart[row + 1] === first) return NONE;
    let left = awaitedLeft[row]!;
    if (left === NONE) left = sorted(byAwaited, row, awaited);
    let found = NONE;
    while (left > 0 && found === NONE) {
      const child = byAwaited[first + left - 1]!;
      if (awaited[child]! <= from) break;
      left--;
      if (start[child]! >= cursor) continue;
      // A caller that has its answer may end while the one who answers still tidies up.
      if (awaited[child]! <= cursor + TICK_US || isCall(trace, row, child)) found = child;
    }
    awaitedLeft[row] = left;
    return found;
  };

  /** After the span's own end: the child below which something went on last. */
  const lastOf = (row: number, cursor: number, ownEnd: number): number => {
    const first = childStart[row]!;
    let left = lastLeft[row]!;
    if (left === NONE) left = sorted(byLast, row, last);
    let candidate = NONE;
    while (left > 0) {
      const child = byLast[first + left - 1]!;
      if (start[child]! < cursor) {
        if (last[child]! <= cursor + TICK_US) {
          candidate = child;
          break;
        }
        const known = goingOn[row]!;
        if (known === NONE || start[child]! < start[known]!) goingOn[row] = child;
      }
      left--;
    }
    lastLeft[row] = left;
    const endsNow = candidate !== NONE && last[candidate]! >= cursor - TICK_US;
    const ongoing = goingOn[row]!;
    if (!endsNow && ongoing !== NONE && start[ongoing]! < cursor) return ongoing;
    if (candidate === NONE || last[candidate]! <= ownEnd) return NONE;
    lastLeft[row] = left - 1;
    return candidate;
  };

  return (top, untilUs, found) => {
    const floor = start[top]!;
    // Rows whose times contradict each other could send a walk along links for ever.
    let steps = 8 * n + 64;
    let cursor = untilUs;
    let row = top;
    let next = NONE;
    while (cursor > floor && steps-- > 0) {
      const ownEnd = Math.max(end[row]!, floor);
      let child = NONE;
      if (cursor > ownEnd) {
        child = lastOf(row, cursor, ownEnd);
        const from = child === NONE ? ownEnd : last[child]!;
        if (from < cursor) {
          found.add(STRETCH.gap, next, from);
          cursor = from;
        }
        if (child === NONE && cursor <= floor) return;
      }
      if (child === NONE) {
        child = awaitedOf(row, cursor, floor);
        const to = child === NONE ? start[row]! : awaited[child]!;
        const from = Math.max(to, floor);
        if (from < cursor) {
          found.add(STRETCH.own, row, from);
          cursor = from;
        }
      }
      if (child !== NONE && isWhole?.[child] === 1) {
        const from = Math.max(start[child]!, floor);
        if (from < cursor) {
          found.add(STRETCH.whole, child, from);
          cursor = from;
        }
        next = child;
      } else if (child !== NONE) row = child;
      else {
        if (row === top) break;
        next = row;
        const sender = sentBy?.(row) ?? NONE;
        if (sender !== NONE && start[sender]! < cursor) {
          row = sender;
          const from = Math.max(end[sender]!, floor);
          if (from < cursor) {
            found.add(STRETCH.gap, next, from);
            cursor = from;
          }
        } else row = parent[row]! < 0 ? n : parent[row]!;
      }
    }
    if (cursor > floor) found.add(STRETCH.gap, NONE, floor);
  };
}

function withTop(times: Float64Array, ofTop: number): Float64Array {
  const all = new Float64Array(times.length + 1);
  all.set(times);
  all[times.length] = ofTop;
  return all;
}
