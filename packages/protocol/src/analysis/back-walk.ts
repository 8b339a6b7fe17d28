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
  readonly isWhole: Uint8Array;
  /** By row that was begun by a message, the row that sent it, else -1; undefined where no span was. */
  readonly sentBy?: Int32Array | undefined;
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
 * below them is over. Walks may begin at any span; all walks of one object together look at each span once.
 */
export class BackWalk {
  readonly #trace: SpanRows;
  readonly #parent: Int32Array;
  readonly #childStart: Int32Array;
  readonly #start: Float64Array;
  readonly #end: Float64Array;
  readonly #awaited: Float64Array;
  readonly #last: Float64Array;
  readonly #isWhole: Uint8Array;
  readonly #sentBy: Int32Array | undefined;
  readonly #byAwaited: Int32Array;
  readonly #byLast: Int32Array;
  /** How many children are left to look at; -1 before the first look. */
  readonly #awaitedLeft: Int32Array;
  readonly #lastLeft: Int32Array;
  /** Of the children that are going on when everything else is looked at, the one that began first. */
  readonly #goingOn: Int32Array;

  constructor({ trace, tree, clock, awaited, last, isWhole, sentBy }: BackWalkInput) {
    this.#trace = trace;
    this.#parent = tree.parent;
    this.#childStart = tree.childStart;
    // What is above the trace has no time of its own.
    this.#start = withTop(clock.start, clock.fromUs);
    this.#end = withTop(clock.end, clock.fromUs);
    this.#awaited = awaited;
    this.#last = last;
    this.#isWhole = isWhole;
    this.#sentBy = sentBy;
    this.#byAwaited = tree.childRows.slice();
    this.#byLast = tree.childRows.slice();
    this.#awaitedLeft = new Int32Array(tree.n + 1).fill(NONE);
    this.#lastLeft = new Int32Array(tree.n + 1).fill(NONE);
    this.#goingOn = new Int32Array(tree.n + 1).fill(NONE);
  }

  /** From `untilUs` back to the start of `top`, with row n to that of the trace; adds what it comes by. */
  walk(top: number, untilUs: number, found: Stretches): void {
    const start = this.#start;
    const end = this.#end;
    const n = this.#parent.length;
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
        child = this.#lastOf(row, cursor, ownEnd);
        const from = child === NONE ? ownEnd : this.#last[child]!;
        if (from < cursor) {
          found.add(STRETCH.gap, next, from);
          cursor = from;
        }
        if (child === NONE && cursor <= floor) return;
      }
      if (child === NONE) {
        child = this.#awaitedOf(row, cursor, floor);
        const to = child === NONE ? start[row]! : this.#awaited[child]!;
        const from = Math.max(to, floor);
        if (from < cursor) {
          found.add(STRETCH.own, row, from);
          cursor = from;
        }
      }
      if (child !== NONE && this.#isWhole[child] === 1) {
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
        const sender = this.#sentBy === undefined ? NONE : this.#sentBy[row]!;
        if (sender !== NONE && start[sender]! < cursor) {
          row = sender;
          const from = Math.max(end[sender]!, floor);
          if (from < cursor) {
            found.add(STRETCH.gap, next, from);
            cursor = from;
          }
        } else row = this.#parent[row]! < 0 ? n : this.#parent[row]!;
      }
    }
    if (cursor > floor) found.add(STRETCH.gap, NONE, floor);
  }

  /** The child that was waited for last, of those that ended by now. */
  #awaitedOf(row: number, cursor: number, floor: number): number {
    const start = this.#start;
    const awaited = this.#awaited;
    const from = Math.max(start[row]!, floor);
    const first = this.#childStart[row]!;
    if (cursor <= from || this.#childStart[row + 1] === first) return NONE;
    let left = this.#awaitedLeft[row]!;
    if (left === NONE) left = this.#sorted(this.#byAwaited, row, awaited);
    let found = NONE;
    while (left > 0 && found === NONE) {
      const child = this.#byAwaited[first + left - 1]!;
      if (awaited[child]! <= from) break;
      left--;
      if (start[child]! >= cursor) continue;
      // A caller that has its answer may end while the one who answers still tidies up.
      if (awaited[child]! <= cursor + TICK_US || isCall(this.#trace, row, child)) found = child;
    }
    this.#awaitedLeft[row] = left;
    return found;
  }

  /** After the span's own end: the child below which something went on last. */
  #lastOf(row: number, cursor: number, ownEnd: number): number {
    const start = this.#start;
    const last = this.#last;
    const first = this.#childStart[row]!;
    let left = this.#lastLeft[row]!;
    if (left === NONE) left = this.#sorted(this.#byLast, row, last);
    let candidate = NONE;
    while (left > 0) {
      const child = this.#byLast[first + left - 1]!;
      if (start[child]! < cursor) {
        if (last[child]! <= cursor + TICK_US) {
          candidate = child;
          break;
        }
        const known = this.#goingOn[row]!;
        if (known === NONE || start[child]! < start[known]!) this.#goingOn[row] = child;
      }
      left--;
    }
    this.#lastLeft[row] = left;
    const endsNow = candidate !== NONE && last[candidate]! >= cursor - TICK_US;
    const ongoing = this.#goingOn[row]!;
    if (!endsNow && ongoing !== NONE && start[ongoing]! < cursor) return ongoing;
    if (candidate === NONE || last[candidate]! <= ownEnd) return NONE;
    this.#lastLeft[row] = left - 1;
    return candidate;
  }

  /** Sorts the children of a row in `rows`, of equal ones the earlier before the later, and says how many there are. */
  #sorted(rows: Int32Array, row: number, key: Float64Array): number {
    const from = this.#childStart[row]!;
    const to = this.#childStart[row + 1]!;
    sortRows(rows, key, from, to);
    return to - from;
  }
}

function withTop(times: Float64Array, ofTop: number): Float64Array {
  const all = new Float64Array(times.length + 1);
  all.set(times);
  all[times.length] = ofTop;
  return all;
}
