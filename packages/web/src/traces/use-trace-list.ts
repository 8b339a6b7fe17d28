import type { TraceUpdate } from "@clew/protocol/api/live";
import type { TraceFilter } from "@clew/protocol/api/requests";
import type { TraceList } from "@clew/protocol/api/trace-item";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { type FollowState, useFollow } from "../api/follow.ts";
import { mergeUpdate } from "./merge-update.ts";

const PAGE = 50;
/** So many rows gather while new ones keep coming; then the page begins anew. */
const MOST_ROWS = 200;

export interface TraceListView {
  readonly list: TraceList | undefined;
  readonly error: Error | null;
  /** What is shown belongs to another filter or page and is about to change. */
  readonly isOld: boolean;
  readonly follow: FollowState;
  readonly again: () => void;
}

/** One page of the list, if it is wanted; the first one follows what is stored, unless `live` is false. */
export function useTraceList(
  filter: TraceFilter,
  cursor: string | undefined,
  { live, isWanted }: { readonly live: boolean; readonly isWanted: boolean },
): TraceListView {
  const queries = useQueryClient();
  const key = ["traces", filter, cursor] as const;
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.traces({ ...filter, limit: PAGE, ...(cursor && { cursor }) }, { signal }),
    enabled: isWanted,
    placeholderData: keepPreviousData,
  });
  const isFirst = cursor === undefined;
  const follow = useFollow<TraceUpdate>(JSON.stringify(filter), isWanted && live && isFirst, {
    stream: (client, signal) => client.traceUpdates(filter, { signal }),
    onOpen: () => void queries.invalidateQueries({ queryKey: key }),
    onMessage: ({ items }) => {
      const old = queries.getQueryData<TraceList>(key);
      if (old === undefined) return;
      const merged = mergeUpdate(old.items, items);
      if (merged.length > MOST_ROWS) void queries.invalidateQueries({ queryKey: key });
      else queries.setQueryData<TraceList>(key, { ...old, items: merged });
    },
  });
  return { list: data, error, isOld: isPlaceholderData, follow, again: () => void refetch() };
}
