import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

/** Ids of the list that was looked at last, for as long as the page is open. */
let order: readonly string[] = [];

/** Where a trace is in the list that it was opened from. */
export interface TraceOrder {
  /** From 0; -1 when it came another way. */
  readonly at: number;
  readonly count: number;
  readonly next: string | undefined;
  readonly previous: string | undefined;
}

const NOWHERE: TraceOrder = { at: -1, count: 0, next: undefined, previous: undefined };

/** The traces beside this one in the newest page of traces, or of a search, that has it. */
export function useTraceOrder(traceId: string): TraceOrder {
  const queries = useQueryClient();
  const ids = order.includes(traceId) ? order : listWith(queries, traceId);
  useEffect(() => {
    if (ids.length > 0) order = ids;
  }, [ids]);
  const at = ids.indexOf(traceId);
  return at < 0 ? NOWHERE : { at, count: ids.length, next: ids[at + 1], previous: ids[at - 1] };
}

interface ListAnswer {
  readonly items: readonly { readonly traceId: string }[];
}

function listWith(queries: QueryClient, traceId: string): readonly string[] {
  const lists = queries
    .getQueryCache()
    .findAll({ predicate: ({ queryKey }) => queryKey[0] === "traces" || queryKey[0] === "search" })
    .toSorted((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  for (const { state } of lists) {
    const ids = (state.data as ListAnswer | undefined)?.items.map((item) => item.traceId) ?? [];
    if (ids.includes(traceId)) return ids;
  }
  return [];
}
