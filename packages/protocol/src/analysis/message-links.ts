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
  const rows = new Map<string, number>();
  for (let row = trace.n - 1; row >= 0; row--) rows.set(trace.id[row] ?? "", row);
  for (const [received, , spanId] of inside) {
    const sender = rows.get(spanId);
    if (sender === undefined || sender === received || !(received >= 0 && received < trace.n)) continue;
    const known = sentTo.get(received);
    if (known === undefined) sentTo.set(received, [sender]);
    else known.push(sender);
  }
  return { sentTo };
}
