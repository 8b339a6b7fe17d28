import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** A stretch of the trace's time: microseconds since its start. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** A process that was killed leaves spans open for ever; after this long without news they no longer grow. */
const STILL_RUNNING_MS = 15 * 60_000;

export function isRunning(trace: TraceColumns, span: number): boolean {
  return ((trace.flags[span] ?? 0) & SPAN_FLAG.running) !== 0;
}

/** Whether something has not ended that may well be running. `nowMs` is the browser's clock. */
export function isGrowing(trace: TraceColumns, nowMs: number): boolean {
  if (nowMs - (trace.t0Ms + trace.durMs) > STILL_RUNNING_MS) return false;
  return trace.flags.some((flags) => (flags & SPAN_FLAG.running) !== 0);
}

/** All of the trace; to now while it grows. Never empty. */
export function wholeWindow(trace: TraceColumns, nowMs: number): TimeWindow {
  let to = trace.durMs * 1000;
  if (isGrowing(trace, nowMs)) to = Math.max(to, (nowMs - trace.t0Ms) * 1000);
  return { from: 0, to: Math.max(to, 1) };
}

/** Where a span ends: its end, or that of the whole for one that is running. Never before its start. */
export function endOf(trace: TraceColumns, span: number, whole: TimeWindow): number {
  const start = trace.start[span] ?? 0;
  return isRunning(trace, span) ? Math.max(start, whole.to) : start + Math.max(0, trace.dur[span] ?? 0);
}

/** Times as they were sent; what is running ends with the whole. */
export function sentTimes(
  trace: TraceColumns,
  whole: TimeWindow,
): { readonly start: readonly number[]; readonly end: Float64Array } {
  return {
    start: trace.start,
    end: Float64Array.from({ length: trace.n }, (_, row) => endOf(trace, row, whole)),
  };
}

const STEPS = [1, 2, 5];

/** Round moments within the window, at most `most` of them. */
export function ticksOf(window: TimeWindow, most: number): number[] {
  const least = (window.to - window.from) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = (STEPS.find((factor) => factor * power >= least) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(window.from / step) * step; tick <= window.to; tick += step) ticks.push(tick);
  return ticks;
}

/** The zoom in a page's address: `FROM-TO` in whole microseconds. */
export function readWindow(text: string | null, whole: TimeWindow): TimeWindow {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? "");
  if (match === null) return whole;
  const from = Number(match[1]);
  const to = Math.min(Number(match[2]), whole.to);
  return to > from ? { from, to } : whole;
}

/** Undefined for the whole, which needs no word. */
export function printWindow({ from, to }: TimeWindow, whole: TimeWindow): string | undefined {
  const begin = Math.max(0, Math.floor(from));
  const end = Math.min(Math.ceil(to), Math.ceil(whole.to));
  return begin === 0 && end >= whole.to ? undefined : `${begin}-${Math.max(end, begin + 1)}`;
}
