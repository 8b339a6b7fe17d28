import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import { ownStretches, ownTimes, type SpanTimes } from "./own-times.ts";
import type { ShownTree } from "./shown-tree.ts";

/**
 * By row: what a span itself took, in microseconds, tokens or millionths of a dollar. What is left out counts for the
 * span above that is shown.
 */
export function spanAmounts(
  of: "self" | "tokens" | "cost",
  trace: TraceColumns,
  tree: ShownTree,
  times: SpanTimes,
): Float64Array {
  if (of === "self") return ownTimes(ownStretches(tree, times), trace.n);
  const isShown = new Uint8Array(trace.n);
  for (const row of tree.order) isShown[row] = 1;
  const amounts = new Float64Array(trace.n);
  for (let row = 0; row < trace.n; row++) {
    const flags = trace.flags[row] ?? 0;
    if ((flags & SPAN_FLAG.counted) === 0 || (flags & SPAN_FLAG.running) !== 0) continue;
    const amount =
      of === "cost" ? (trace.costMicro[row] ?? 0) : (trace.tokIn[row] ?? 0) + (trace.tokOut[row] ?? 0);
    const at = isShown[row] === 1 ? row : tree.parent[row]!;
    if (at >= 0) amounts[at]! += amount;
  }
  return amounts;
}
