import type { TraceItem } from "@clew/protocol/api/trace-item";
import type { Outcome } from "../screen/outcome-mark.ts";

/** False for a trace whose root is running, or of which nothing has ended. */
export function hasEnded(item: TraceItem): boolean {
  return !item.isRunning && item.spanCount > 0;
}

export function outcomeOf(item: TraceItem): Outcome {
  if (item.status === "error") return "failed";
  return item.rootMissing || !hasEnded(item) ? "open" : "ended";
}
