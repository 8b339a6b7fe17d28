import type { IngestCounters } from "@clew/protocol/api/ingest-event";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, isTokenNeeded } from "../api/client.ts";

const EVERY_MS = 3000;

/** What the server last said of what it receives. */
interface Beat {
  readonly counters: IngestCounters;
  readonly atMs: number;
  /** Since the beat before; 0 at the first. */
  readonly spansPerS: number;
}

export interface Pulse {
  readonly state: "connecting" | "open" | "lost";
  readonly counters: IngestCounters | undefined;
  readonly spansPerS: number;
  readonly again: () => void;
}

/** Whether the server answers, and how much it receives; asked every three seconds while the page is visible. */
export function usePulse(): Pulse {
  const queries = useQueryClient();
  const { data, error, failureCount, refetch } = useQuery({
    queryKey: ["pulse"],
    queryFn: async ({ signal }): Promise<Beat> => {
      const before = queries.getQueryData<Beat>(["pulse"]);
      const counters = await api.ingestCounters({ signal });
      const atMs = performance.now();
      return { counters, atMs, spansPerS: before === undefined ? 0 : rate(before, counters, atMs) };
    },
    // Who has no token is asked for one, once.
    refetchInterval: ({ state }) => (isTokenNeeded(state.error) ? false : EVERY_MS),
    retry: false,
    staleTime: EVERY_MS,
  });
  const isLost = error !== null && failureCount > 0 && !isTokenNeeded(error);
  return {
    state: isLost ? "lost" : data === undefined ? "connecting" : "open",
    counters: data?.counters,
    spansPerS: isLost ? 0 : (data?.spansPerS ?? 0),
    again: () => void refetch(),
  };
}

/** Nothing where the server was started anew between the two. */
function rate(before: Beat, { sinceMs, signals }: IngestCounters, atMs: number): number {
  const seconds = (atMs - before.atMs) / 1000;
  if (sinceMs !== before.counters.sinceMs || seconds <= 0) return 0;
  return Math.max(0, (signals.traces.records - before.counters.signals.traces.records) / seconds);
}
