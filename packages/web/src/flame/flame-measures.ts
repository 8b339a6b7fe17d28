import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { cost, count, duration } from "../format/quantities.ts";
import { ownStretches, type SpanTimes, sharedTimes } from "../trace/own-times.ts";
import type { ShownTree } from "../trace/shown-tree.ts";
import { spanAmounts } from "../trace/span-amounts.ts";

/** What the width of a merged bar can be, by its name in the page's address. All of them add up. */
export const FLAME_MEASURES = [
  {
    name: "duration",
    label: "Time",
    says: "The trace's time. A moment in which several spans ran is shared out among them, so that nothing counts twice.",
  },
  {
    name: "self",
    label: "Self time",
    says: "Each span's own time, added up. What ran at once counts in full, so that all of it may be longer than the trace.",
  },
  { name: "tokens", label: "Tokens", says: "Input and output, counted once, at the call of the model." },
  { name: "cost", label: "Cost", says: "Counted once, at the call of the model." },
] as const;

export type FlameMeasure = (typeof FLAME_MEASURES)[number]["name"];

/** Of anything else the first. */
export function readMeasure(text: string | null): FlameMeasure {
  return FLAME_MEASURES.find(({ name }) => name === text)?.name ?? "duration";
}

/** `amount` is in microseconds, tokens or millionths of a dollar. */
export function amountText(measure: FlameMeasure, amount: number): string {
  if (measure === "tokens") return `${count(Math.round(amount))} tok`;
  if (measure === "cost") return amount <= 0 ? "$0" : cost(amount / 1e6);
  return duration(amount / 1000);
}

/** By row: what the span itself takes; what is left out counts for the span above that is shown. */
export function amountsOf(
  measure: FlameMeasure,
  trace: TraceColumns,
  tree: ShownTree,
  times: SpanTimes,
): Float64Array {
  return measure === "duration"
    ? sharedTimes(ownStretches(tree, times), trace.n)
    : spanAmounts(measure, trace, tree, times);
}
