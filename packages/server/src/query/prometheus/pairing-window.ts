import type { BatchRange } from "./unread-batches.ts";

/**
 * Which batches to look into for the two sides of requests.
 *
 *     paired   waiting   judged            after          through
 *     after    after     through
 *     ──┼────────┼─────────┼─────────────────┼───────────────┼──▶ batches
 *       │        │  alone? │                 │ new: later    │
 *       │        │         │                 │ side          │
 *       │        └─ earlier side ────────────┴───────────────┘
 *       └────── may have been the other side of one alone ───┘
 */
export interface Window {
  /** The range that is read; `after` equals `through` when only time has passed. */
  readonly after: bigint;
  readonly through: bigint;
  /** What came after it may still be the earlier side of a pair. */
  readonly waitingAfter: bigint;
  /** What came up to it has waited; when it has no other side, it is alone. */
  readonly judgedThrough: bigint;
  /** What came after it may have been paired with what is judged now. */
  readonly pairedAfter: bigint;
  /** Earliest day of the partitions of all these. */
  readonly fromDay: number;
}

interface Read {
  readonly range: BatchRange;
  readonly atMs: number;
  /** Through which all was judged before this was read. */
  readonly judged: bigint;
}

/** How long one side waits for the other, as with Tempo. */
const WAIT_MS = 10_000;
/** Spans among which sides wait: of more, the oldest have waited. */
const MOST_WAITING_SPANS = 1_000_000;

/**
 * Which stored spans still wait for the other side of their request. Every span is judged once: as the later side when
 * it is read, or as one that stayed alone when it has waited.
 */
export class PairingWindow {
  readonly #reads: Read[] = [];
  #judged: bigint | undefined;

  /** The window when `range` is read at this moment; undefined when there is none and nobody has waited long enough. */
  next(range: BatchRange | undefined, nowMs: number): Window | undefined {
    const last = range ?? this.#reads.at(-1)?.range;
    if (last === undefined) return undefined;
    const waitingAfter = this.#judged ?? last.after;
    const judgedThrough = this.#judgedThrough(range, nowMs, waitingAfter);
    if (range === undefined && judgedThrough === waitingAfter) return undefined;
    return {
      after: range?.after ?? last.through,
      through: last.through,
      waitingAfter,
      judgedThrough,
      pairedAfter: this.#firstWaiting(waitingAfter)?.judged ?? waitingAfter,
      fromDay: Math.min(last.fromDay, ...this.#reads.map((read) => read.range.fromDay)),
    };
  }

  /** The window was looked into. */
  done(range: BatchRange | undefined, window: Window, nowMs: number): void {
    if (range !== undefined) this.#reads.push({ range, atMs: nowMs, judged: window.waitingAfter });
    this.#judged = window.judgedThrough;
    const needed = this.#firstWaiting(this.#judged)?.judged ?? this.#judged;
    while (this.#reads[0] !== undefined && this.#reads[0].range.through <= needed) this.#reads.shift();
  }

  /** Nobody waits any more, because the spans up to the end of the range cannot be looked into. */
  giveUp(range: BatchRange): void {
    this.#reads.length = 0;
    this.#judged = range.through;
  }

  #firstWaiting(judged: bigint): Read | undefined {
    return this.#reads.find((read) => read.range.through > judged);
  }

  #judgedThrough(range: BatchRange | undefined, nowMs: number, judged: bigint): bigint {
    let waiting = range?.spans ?? 0;
    // From the newest to the oldest: the first that is old enough, or one too many.
    for (const read of this.#reads.toReversed()) {
      if (read.range.through <= judged) break;
      waiting += read.range.spans;
      if (nowMs - read.atMs >= WAIT_MS || waiting > MOST_WAITING_SPANS) return read.range.through;
    }
    return judged;
  }
}
