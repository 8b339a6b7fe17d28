import type { LogItem, LogList } from "@clew/protocol/api/logs";
import type { LogListRequest } from "@clew/protocol/api/requests";
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { api } from "../api/client.ts";
import type { FollowState } from "../api/follow.ts";
import { mergeNewer } from "./merge-newer.ts";

const PAGE = 200;
/** More pages than this are reached by a time that ends earlier. */
const MOST_PAGES = 50;
/** So many new ones gather at the top; then the list begins anew. */
const MOST_NEW = 1000;
const POLL_MS = 2000;
/** Records do not arrive in the order of their times; so long is looked back. */
const LATE_MS = 10_000;

type Pages = InfiniteData<LogList, string | undefined>;

export interface LogsView {
  readonly items: readonly LogItem[] | undefined;
  readonly newestPage: LogList | undefined;
  readonly lastPage: LogList | undefined;
  readonly error: Error | null;
  /** What is shown belongs to another filter and is about to change. */
  readonly isOld: boolean;
  readonly isFetchingOlder: boolean;
  /** Asks for the next page; undefined where there is none, or no more is kept. */
  readonly older: (() => void) | undefined;
  readonly isFull: boolean;
  readonly again: () => void;
  readonly follow: FollowState;
  /** New ones that are not shown yet; Infinity when they are too many to be told. */
  readonly waiting: number;
  readonly showWaiting: () => void;
}

/** The records that are asked for, page by page, and what is new while `live`; `isHeld`: new ones wait to be shown. */
export function useLogs(
  request: LogListRequest,
  {
    live,
    isHeld,
    isWanted,
  }: { readonly live: boolean; readonly isHeld: boolean; readonly isWanted: boolean },
): LogsView {
  const queries = useQueryClient();
  const key = useMemo(() => ["logs", request] as const, [request]);
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ signal, pageParam }) =>
      api.logs(
        { ...request, limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: LogList, pages) => (pages.length < MOST_PAGES ? last.next : undefined),
    placeholderData: keepPreviousData,
    enabled: isWanted,
  });
  const pages = list.data?.pages;
  const items = useMemo(() => pages?.flatMap((page) => page.items), [pages]);
  const begin = (): void => void queries.resetQueries({ queryKey: key, exact: true });

  const isReady = isWanted && live && pages !== undefined && !list.isPlaceholderData;
  const newestMs = items?.[0]?.timeMs;
  const poll = useQuery({
    queryKey: ["new-logs", request],
    queryFn: ({ signal }) => {
      const from = newestMs === undefined ? undefined : Math.min(newestMs, Date.now()) - LATE_MS;
      return api.logs(
        { ...request, limit: PAGE, ...(from !== undefined && { from: Math.floor(from) }) },
        { signal },
      );
    },
    enabled: isReady,
    refetchInterval: POLL_MS,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const [held, setHeld] = useState<{ readonly key: unknown; readonly answer: LogList }>();
  const answer = poll.data;
  useEffect(() => {
    if (!isReady || answer === undefined || items === undefined) return;
    if (isHeld) {
      setHeld({ key, answer });
      return;
    }
    setHeld(undefined);
    const merged = mergeNewer(items, answer);
    if (merged === undefined) {
      void queries.resetQueries({ queryKey: key, exact: true });
      return;
    }
    const { added } = merged;
    if (added.length === 0) return;
    queries.setQueryData<Pages>(key, (old) => {
      const [first, ...rest] = old?.pages ?? [];
      if (old === undefined || first === undefined) return old;
      const all = mergeNewer(first.items, { items: added, tookMs: 0 });
      const isTooLong = first.items.length + added.length > MOST_NEW;
      if (isTooLong) queueMicrotask(() => void queries.resetQueries({ queryKey: key, exact: true }));
      return { ...old, pages: [{ ...first, items: all?.items ?? first.items }, ...rest] };
    });
  }, [answer, items, isHeld, isReady, key, queries]);

  const waiting = useMemo(() => {
    if (held === undefined || held.key !== key || items === undefined) return 0;
    const merged = mergeNewer(items, held.answer);
    return merged === undefined ? Number.POSITIVE_INFINITY : merged.added.length;
  }, [held, items, key]);
  const isFull = (pages?.length ?? 0) >= MOST_PAGES && pages?.at(-1)?.next !== undefined;
  return {
    items,
    newestPage: pages?.[0],
    lastPage: pages?.at(-1),
    error: list.error,
    isOld: list.isPlaceholderData,
    isFetchingOlder: list.isFetchingNextPage,
    older: list.hasNextPage && !list.isFetching ? () => void list.fetchNextPage() : undefined,
    isFull,
    again: () => void list.refetch(),
    follow: !live ? "paused" : poll.isError ? "lost" : poll.isSuccess ? "open" : "connecting",
    waiting,
    showWaiting: () => {
      setHeld(undefined);
      if (waiting === Number.POSITIVE_INFINITY) begin();
    },
  };
}
