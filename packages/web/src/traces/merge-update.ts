import type { TraceItem } from "@clew/protocol/api/trace-item";

/** The list with what changed in it: known traces in place, new ones where their start belongs, newest first. */
export function mergeUpdate(rows: readonly TraceItem[], changed: readonly TraceItem[]): readonly TraceItem[] {
  if (changed.length === 0) return rows;
  const byId = new Map(rows.map((item) => [item.traceId, item]));
  for (const item of changed) byId.set(item.traceId, item);
  return [...byId.values()].sort(newestFirst);
}

function newestFirst(a: TraceItem, b: TraceItem): number {
  const byStart = compare(BigInt(b.startNanos), BigInt(a.startNanos));
  return byStart === 0 ? compare(b.traceId, a.traceId) : byStart;
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
