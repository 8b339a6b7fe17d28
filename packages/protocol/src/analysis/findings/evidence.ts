import type { Lanes, RollUps, SpanRows, SpanTree, TraceClock } from "../analysis.ts";

/** What findings are made from. */
export interface Evidence {
  readonly trace: SpanRows;
  readonly tree: SpanTree;
  readonly clock: TraceClock;
  readonly lanes: Lanes;
  readonly rollUps: RollUps;
  /** `ROLE` by row. */
  readonly roles: Uint8Array;
  /** Equal for calls of the same thing: see `callKeys`. */
  readonly keys: Int32Array;
}

/** Times that are cut to the millisecond let a call seem to start that much before the one it follows ended. */
const OVERLAP_US = 1_000;

/** Whether `later` began when `earlier` was over. */
export function follows({ clock }: Evidence, earlier: number, later: number): boolean {
  return clock.start[later]! >= clock.end[earlier]! - OVERLAP_US;
}

/** Children in order of start; of row `n`, the tops. */
export function childrenOf({ tree }: Evidence, row: number): Int32Array {
  return tree.childRows.subarray(tree.childStart[row]!, tree.childStart[row + 1]!);
}

/** How many children there are; with most spans none, so that is asked first. */
export function childCount({ tree }: Evidence, row: number): number {
  return tree.childStart[row + 1]! - tree.childStart[row]!;
}

export function isError({ trace }: Evidence, row: number): boolean {
  return trace.status[row] === 2;
}

/** What a span is called in a sentence. */
export function nameOf({ trace }: Evidence, row: number): string {
  return trace.dict.name[trace.name[row] ?? 0] || "a span without a name";
}

/** Who did it: the lane's agent or service. */
export function whoOf({ lanes }: Evidence, row: number): string {
  return lanes.lanes[lanes.laneOf[row]!]?.label ?? "";
}

/** `: timeout` where it is known why a span failed, else nothing. */
export function whyOf({ trace }: Evidence, row: number): string {
  const why = trace.dict.err[trace.err[row] ?? 0] ?? "";
  return why === "" ? "" : `: ${why}`;
}

/** `1.2 s`, `340 ms`, `80 µs`. */
export function timeText(us: number): string {
  if (us >= 999_500) return `${trimmed(us / 1_000_000)} s`;
  if (us >= 999.5) return `${trimmed(us / 1000)} ms`;
  return `${Math.round(us)} µs`;
}

function trimmed(value: number): string {
  return value.toFixed(value < 9.95 ? 1 : 0).replace(/\.0$/, "");
}

export function median(sorted: ArrayLike<number>): number {
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return sorted.length === 0 ? 0 : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
