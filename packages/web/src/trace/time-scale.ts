import { type TimeWindow, ticksOf } from "./trace-time.ts";

/** Places are fractions of the width. */
export interface TimePart {
  readonly left: number;
  readonly width: number;
}

/** A stretch of time that is shown shorter than it is. */
export interface TimeFold extends TimePart {
  /** Microseconds that are folded into it. */
  readonly us: number;
}

/** Where moments are from left to right. */
export interface TimeScale {
  /** From left to right; empty where time runs evenly. */
  readonly folds: readonly TimeFold[];
  /** Round moments; none within a fold. */
  readonly ticks: readonly { readonly us: number; readonly left: number }[];
  /** A stretch, cut off at the edges of the window; undefined when it is outside. */
  readonly part: (start: number, end: number) => TimePart | undefined;
}

/** Shorter ones, as a part of the window, stay as they are. */
const LEAST_FOLDED = 0.05;
/** What a fold is wide. */
const FOLD_WIDTH = 0.03;
const TICKS = 5;

interface Segment extends TimeWindow {
  readonly left: number;
  readonly width: number;
  readonly isFold: boolean;
}

/**
 * The window with gaps folded to a narrow mark each; what is between them keeps one scale. Gaps ascend and do not
 * overlap; those that are short within the window are not folded, nor is one that is all there is to see.
 */
export function timeScale(window: TimeWindow, gaps: readonly TimeWindow[] = []): TimeScale {
  const segments = segmentsOf(window, gaps);
  const xOf = (us: number): number => {
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle]!.from <= us) low = middle;
      else high = middle - 1;
    }
    const { from, to, left, width } = segments[low]!;
    return left + width * Math.min(1, Math.max(0, (us - from) / (to - from)));
  };
  const shownUs = segments.reduce((sum, { from, to, isFold }) => sum + (isFold ? 0 : to - from), 0);
  return {
    folds: segments
      .filter(({ isFold }) => isFold)
      .map(({ from, to, left, width }) => ({ left, width, us: to - from })),
    // The step is that of the time which is shown, not of all that passed.
    ticks: ticksOf(window, (TICKS * (window.to - window.from)) / shownUs)
      .filter((us) => !segments.some(({ from, to, isFold }) => isFold && us > from && us < to))
      .map((us) => ({ us, left: xOf(us) })),
    part: (start, end) => {
      if (end < window.from || start > window.to) return undefined;
      const left = xOf(Math.max(start, window.from));
      return { left, width: xOf(Math.min(end, window.to)) - left };
    },
  };
}

function segmentsOf(window: TimeWindow, gaps: readonly TimeWindow[]): Segment[] {
  const length = window.to - window.from;
  const folds: TimeWindow[] = [];
  for (const gap of gaps) {
    const from = Math.max(gap.from, window.from);
    const to = Math.min(gap.to, window.to);
    if (to - from >= length * LEAST_FOLDED) folds.push({ from, to });
  }
  const folded = folds.reduce((sum, { from, to }) => sum + to - from, 0);
  const isAll = folded >= length * 0.999;
  if (folds.length === 0 || isAll) return [{ ...window, left: 0, width: 1, isFold: false }];
  const perUs = (1 - folds.length * FOLD_WIDTH) / (length - folded);
  const segments: Segment[] = [];
  let [at, left] = [window.from, 0];
  const add = (to: number, width: number, isFold: boolean): void => {
    if (to <= at) return;
    segments.push({ from: at, to, left, width, isFold });
    at = to;
    left += width;
  };
  for (const fold of folds) {
    add(fold.from, (fold.from - at) * perUs, false);
    add(fold.to, FOLD_WIDTH, true);
  }
  add(window.to, (window.to - at) * perUs, false);
  return segments;
}
