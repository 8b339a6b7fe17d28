/** A trace's place in time; Unix epoch, milliseconds. */
interface InTime {
  readonly startMs: number;
  readonly durMs: number;
}

/** Where something is, as parts of the whole width. */
interface Place {
  readonly left: number;
  readonly width: number;
}

/** Time without a trace that is drawn shorter than it was. */
export interface Pause extends Place {
  readonly ms: number;
  /** Index of the trace that ended it. */
  readonly before: number;
}

export interface Timeline {
  /** In the order of the traces; `row` counts from 0. */
  readonly bars: readonly (Place & { readonly row: number })[];
  readonly rows: number;
  /** From left to right. */
  readonly pauses: readonly Pause[];
  /** Time in which at least one trace was under way. */
  readonly busyMs: number;
}

interface Stretch {
  readonly fromMs: number;
  readonly first: number;
  toMs: number;
}

/** More traces at once share rows. */
const MOST_ROWS = 8;
/** Of the width, for one pause and for all of them. */
const PAUSE = 0.05;
const PAUSES = 0.4;
/** So that traces without a duration have a place. */
const LEAST_MS = 1;

/**
 * Places traces side by side in time, those at once below each other. Time is to scale, but for long pauses: what
 * is left of them takes as much of the width as the traces at most.
 *
 *     |== a ==|   |= c =|/////|== d ==|
 *         |= b =|
 */
export function layOut(traces: readonly InTime[]): Timeline {
  const order = traces.map((_, index) => index).sort((a, b) => traces[a]!.startMs - traces[b]!.startMs);
  const stretches = stretchesOf(traces, order);
  const busyMs = stretches.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const gaps = stretches.slice(1).map(({ fromMs }, at) => fromMs - stretches[at]!.toMs);
  const longest = longestToScale(gaps, busyMs);
  const folded = gaps.filter((gap) => gap > longest).length;
  const pause = folded === 0 ? 0 : Math.min(PAUSE, PAUSES / folded);
  const toScaleMs = busyMs + gaps.reduce((sum, gap) => sum + (gap > longest ? 0 : gap), 0);
  const perMs = (1 - pause * folded) / toScaleMs;
  const pauses: Pause[] = [];
  const lefts: number[] = [];
  let left = 0;
  for (const [at, { fromMs, toMs, first }] of stretches.entries()) {
    const gap = at === 0 ? 0 : gaps[at - 1]!;
    if (gap > longest) pauses.push({ left, width: pause, ms: gap, before: first });
    left += gap > longest ? pause : gap * perMs;
    lefts.push(left);
    left += (toMs - fromMs) * perMs;
  }
  const bars: (Place & { row: number })[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const index of order) {
    const { startMs } = traces[index]!;
    const lengthMs = lengthOf(traces[index]!);
    while (at + 1 < stretches.length && stretches[at + 1]!.fromMs <= startMs) at++;
    const row = rowFor(ends, startMs);
    ends[row] = Math.max(ends[row] ?? startMs, startMs + lengthMs);
    bars[index] = {
      left: lefts[at]! + (startMs - stretches[at]!.fromMs) * perMs,
      width: lengthMs * perMs,
      row,
    };
  }
  return { bars, rows: ends.length, pauses, busyMs };
}

function lengthOf({ durMs }: InTime): number {
  return Math.max(durMs, LEAST_MS);
}

/** Times in which some trace was under way. */
function stretchesOf(traces: readonly InTime[], order: readonly number[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const index of order) {
    const { startMs } = traces[index]!;
    const toMs = startMs + lengthOf(traces[index]!);
    const last = stretches.at(-1);
    if (last === undefined || startMs > last.toMs) stretches.push({ fromMs: startMs, toMs, first: index });
    else last.toMs = Math.max(last.toMs, toMs);
  }
  return stretches;
}

/** The longest gap that is to scale when all that are no longer take as long as the work together. */
function longestToScale(gaps: readonly number[], busyMs: number): number {
  const shortFirst = [...gaps].sort((a, b) => a - b);
  let longest = 0;
  let sum = 0;
  for (const [at, gap] of shortFirst.entries()) {
    sum += gap;
    if (sum > busyMs) break;
    // Gaps of one length are drawn alike.
    if (shortFirst[at + 1] !== gap) longest = gap;
  }
  return longest;
}

/** The first row that is free then, or will be the soonest. */
function rowFor(ends: readonly number[], startMs: number): number {
  const free = ends.findIndex((end) => end <= startMs);
  if (free >= 0) return free;
  return ends.length < MOST_ROWS ? ends.length : ends.indexOf(Math.min(...ends));
}
