import type { TraceItem } from "@clew/protocol/api/trace-item";
import type { Outcome } from "../screen/outcome-mark.ts";

/** False for a trace of which only spans are known that are running: nothing of it is counted yet. */
export function hasEnded(item: TraceItem): boolean {
  return item.spanCount > 0;
}

export function outcomeOf(item: TraceItem): Outcome {
  if (item.status === "error") return "failed";
  return item.rootMissing || !hasEnded(item) ? "open" : "ended";
}
