import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { endOf, type TimeWindow } from "./trace-time.ts";

/** Room left and right of a span that is zoomed to, as a part of its length. */
const MARGIN = 0.1;
const LEAST_US = 1;

export function zoomedTo(trace: TraceColumns, span: number, whole: TimeWindow): TimeWindow {
  const start = trace.start[span] ?? 0;
  const length = Math.max(LEAST_US, endOf(trace, span, whole) - start);
  return within({ from: start - length * MARGIN, to: start + length * (1 + MARGIN) }, whole);
}

/** The window with its middle kept, so many times as long. */
export function zoomedAround(window: TimeWindow, factor: number, whole: TimeWindow): TimeWindow {
  const middle = (window.from + window.to) / 2;
  const half = ((window.to - window.from) / 2) * factor;
  return within({ from: middle - half, to: middle + half }, whole);
}

/** The window so many times as long, with what is at a part of its width kept there. */
export function zoomedAt(window: TimeWindow, at: number, factor: number, whole: TimeWindow): TimeWindow {
  const length = window.to - window.from;
  const from = window.from + at * length * (1 - factor);
  return within({ from, to: from + length * factor }, whole);
}

/** The window moved by a part of its length, as far as there is time. */
export function panned({ from, to }: TimeWindow, by: number, whole: TimeWindow): TimeWindow {
  const length = to - from;
  const moved = Math.min(Math.max(whole.from, from + by * length), Math.max(whole.from, whole.to - length));
  return { from: moved, to: moved + length };
}

/** As much of a window as the whole has. */
export function within({ from, to }: TimeWindow, whole: TimeWindow): TimeWindow {
  const begin = Math.max(whole.from, Math.min(from, whole.to - LEAST_US));
  return { from: begin, to: Math.min(whole.to, Math.max(to, begin + LEAST_US)) };
}
