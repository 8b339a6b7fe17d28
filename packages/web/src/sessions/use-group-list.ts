import type { TraceGroupList } from "@clew/protocol/api/trace-group";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { GroupKind } from "./group-address.ts";
import { KINDS } from "./group-kinds.ts";

const PAGE = 50;
const AGAIN_MS = 5000;
/** The server is kept busy for no more than this part of the time. */
const SHARE = 1 / 20;

export interface GroupListView {
  readonly list: TraceGroupList | undefined;
  readonly error: Error | null;
  /** What is shown belongs to another filter or page and is about to change. */
  readonly isOld: boolean;
  readonly again: () => void;
}

/** The part of the page's address that says which are listed. */
export function listConditions(query: URLSearchParams) {
  const of = (name: string): string | undefined => query.get(name)?.trim() || undefined;
  return { id: of("id"), from: of("from"), to: of("to"), cursor: of("cursor") };
}

/** One page of the list; the first one is asked for again as long as it is shown. */
export function useGroupList(kind: GroupKind, query: URLSearchParams): GroupListView {
  const { id, from, to, cursor } = listConditions(query);
  const request = { limit: PAGE, ...(id && { id }), ...(from && { from }), ...(to && { to }) };
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: [`${kind}s`, request, cursor],
    queryFn: ({ signal }) => KINDS[kind].list({ ...request, ...(cursor && { cursor }) }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      cursor === undefined && state.status !== "error"
        ? Math.max(AGAIN_MS, (state.data?.tookMs ?? 0) / SHARE)
        : false,
  });
  return { list: data, error, isOld: isPlaceholderData, again: () => void refetch() };
}
