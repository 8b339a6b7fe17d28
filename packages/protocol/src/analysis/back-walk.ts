import type { SpanRows, SpanTree, TraceClock } from "./analysis.ts";
import { isCall } from "./span-role.ts";

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
  /** Spans that are taken as a whole: what is below them is another walk's. */
  readonly isWhole?: (row: number) => boolean;
  /** For a span that was begun by a message: the row that sent it, or -1. */
  readonly sentBy?: (row: number) => number;
}

/** Takes stretches of time, the latest first. None is empty, and each begins where the one before it ended. */
export interface BackWalkSink {
  /** The span itself, with nothing below it going on that is waited for. */
  own(row: number, fromUs: number, toUs: number): void;
  /** A span that is taken as a whole. */
  whole(row: number, fromUs: number, toUs: number): void;
  /** Nothing; `next` is what began at its end, or -1. */
  gap(next: number, fromUs: number, toUs: number): void;
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
 * below them is over. A walk may begin at any span; spans are looked at once by all walks of one instance together.
 */
export class BackWalk {
  readonly #input: BackWalkInput;
  readonly #byAwaited: Int32Array;
  readonly #byLast: Int32Array;
  /** How many children are left to look at; -1 before the first look. */
  readonly #awaitedLeft: Int32Array;
  readonly #lastLeft: Int32Array;
  /** Of the children that are going on when everything else is looked at, the one that began first. */
  readonly #goingOn: Int32Array;

  constructor(input: BackWalkInput) {
    const { n, childRows } = input.tree;
    this.#input = input;
    this.#byAwaited = childRows.slice();
    this.#byLast = childRows.slice();
    this.#awaitedLeft = new Int32Array(n + 1).fill(NONE);
    this.#lastLeft = new Int32Array(n + 1).fill(NONE);
    this.#goingOn = new Int32Array(n + 1).fill(NONE);
  }

  /** From `untilUs` back to the start of `top`, or with `top` = n to that of the trace. */
  walk(top: number, untilUs: number, sink: BackWalkSink): void {
    const { tree, clock, last, awaited, isWhole, sentBy } = this.#input;
    const floor = this.#start(top);
    // Rows whose times contradict each other could send a walk along links for ever.
    let steps = 8 * tree.n + 64;
    let cursor = untilUs;
    let row = top;
    let next = NONE;
    while (cursor > floor && steps-- > 0) {
      const end = Math.max(this.#end(row), floor);
      let child = NONE;
      let to = cursor;
      if (cursor > end) {
        child = this.#lastOf(row, cursor, end);
        to = child === NONE ? end : Math.min(cursor, last[child]!);
        if (to < cursor) sink.gap(next, to, cursor);
        cursor = to;
        if (child === NONE && cursor <= floor) return;
      }
      if (child === NONE) {
        child = this.#awaitedOf(row, cursor, floor);
        to = child === NONE ? Math.max(this.#start(row), floor) : Math.min(cursor, awaited[child]!);
        if (to < cursor) sink.own(row, to, cursor);
        cursor = Math.min(cursor, to);
      }
      if (child !== NONE && isWhole?.(child)) {
        const from = Math.max(clock.start[child]!, floor);
        if (from < cursor) sink.whole(child, from, cursor);
        cursor = Math.min(cursor, from);
        next = child;
      } else if (child !== NONE) row = child;
      else {
        if (row === top) break;
        next = row;
        const sender = sentBy?.(row) ?? NONE;
        if (sender !== NONE && clock.start[sender]! < cursor) {
          row = sender;
          const left = Math.max(clock.end[sender]!, floor);
          if (left < cursor) sink.gap(next, left, cursor);
          cursor = Math.min(cursor, left);
        } else row = tree.parent[row]! < 0 ? tree.n : tree.parent[row]!;
      }
    }
    if (cursor > floor) sink.gap(NONE, floor, cursor);
  }

  /** The child that was waited for last, of those that ended by now. */
  #awaitedOf(row: number, cursor: number, floor: number): number {
    const { trace, tree, clock, awaited } = this.#input;
    const start = Math.max(this.#start(row), floor);
    if (cursor <= start) return NONE;
    const first = tree.childStart[row]!;
    let left = this.#awaitedLeft[row]!;
    if (left === NONE) left = this.#sorted(this.#byAwaited, row, awaited);
    let found = NONE;
    while (left > 0 && found === NONE) {
      const child = this.#byAwaited[first + left - 1]!;
      if (awaited[child]! <= start) break;
      left--;
      if (clock.start[child]! >= cursor) continue;
      // A caller that has its answer may end while the one who answers still tidies up.
      if (awaited[child]! <= cursor + TICK_US || isCall(trace, row, child)) found = child;
    }
    this.#awaitedLeft[row] = left;
    return found;
  }

  /** After the span's own end: the child below which something went on last. */
  #lastOf(row: number, cursor: number, end: number): number {
    const { tree, clock, last } = this.#input;
    const first = tree.childStart[row]!;
    let left = this.#lastLeft[row]!;
    if (left === NONE) left = this.#sorted(this.#byLast, row, last);
    let candidate = NONE;
    while (left > 0) {
      const child = this.#byLast[first + left - 1]!;
      if (clock.start[child]! < cursor) {
        if (last[child]! <= cursor + TICK_US) {
          candidate = child;
          break;
        }
        const known = this.#goingOn[row]!;
        if (known === NONE || clock.start[child]! < clock.start[known]!) this.#goingOn[row] = child;
      }
      left--;
    }
    this.#lastLeft[row] = left;
    const endsNow = candidate !== NONE && last[candidate]! >= cursor - TICK_US;
    const goingOn = this.#goingOn[row]!;
    if (!endsNow && goingOn !== NONE && clock.start[goingOn]! < cursor) return goingOn;
    if (candidate === NONE || last[candidate]! <= end) return NONE;
    this.#lastLeft[row] = left - 1;
    return candidate;
  }

  #sorted(rows: Int32Array, row: number, key: Float64Array): number {
    const part = rows.subarray(this.#input.tree.childStart[row]!, this.#input.tree.childStart[row + 1]!);
    let isSorted = true;
    for (let at = 1; at < part.length && isSorted; at++) isSorted = key[part[at - 1]!]! <= key[part[at]!]!;
    if (!isSorted) part.sort((a, b) => key[a]! - key[b]! || this.#start(a) - this.#start(b) || a - b);
    return part.length;
  }

  #start(row: number): number {
    return row === this.#input.tree.n ? this.#input.clock.fromUs : this.#input.clock.start[row]!;
  }

  /** What is above the trace has no time of its own. */
  #end(row: number): number {
    return row === this.#input.tree.n ? this.#input.clock.fromUs : this.#input.clock.end[row]!;
  }
}
