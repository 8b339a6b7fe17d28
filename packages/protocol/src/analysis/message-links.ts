import type { SpanRows } from "./analysis.ts";

/** Links within the trace, each from the span that received to the one that sent. */
export interface MessageLinks {
  /** Row that sent, by row that received; several where a batch was received. */
  readonly sentTo: ReadonlyMap<number, readonly number[]>;
}

/** Links into other traces, to spans that are not there and to oneself are left out. */
export function messageLinks(trace: SpanRows): MessageLinks {
  const sentTo = new Map<number, number[]>();
  const inside = trace.links.filter(([, traceId]) => traceId === trace.traceId);
  if (inside.length === 0) return { sentTo };
  const rows = rowsOf(trace, new Set(inside.map(([, , spanId]) => spanId)));
  for (const [received, , spanId] of inside) {
    const sender = rows.get(spanId);
    if (sender === undefined || sender === received || !(received >= 0 && received < trace.n)) continue;
    const known = sentTo.get(received);
    if (known === undefined) sentTo.set(received, [sender]);
    else known.push(sender);
  }
  return { sentTo };
}

/** The first row of each of the ids that is there. */
function rowsOf({ n, id }: SpanRows, ids: ReadonlySet<string>): Map<string, number> {
  const rows = new Map<string, number>();
  for (let row = n - 1; row >= 0; row--) {
    const spanId = id[row] ?? "";
    if (ids.has(spanId)) rows.set(spanId, row);
  }
  return rows;
}
