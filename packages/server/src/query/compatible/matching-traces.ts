import type { Store } from "../../store/store.ts";
import { POINT_LOOKUP, SCAN } from "../query-settings.ts";
import { andAll, Parameters, statement } from "../sql.ts";
import { END_OF_TIME_S, minuteOf, timeWindows } from "../time-windows.ts";
import { resourcesWithTags, type SpanMatch, spanMatchConditions } from "./span-match.ts";

export interface MatchingTracesRequest {
  readonly match: SpanMatch;
  /** When the spans start: from inclusive, to exclusive. */
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
  readonly limit: number;
  readonly signal?: AbortSignal;
}

const SECOND = 1_000_000_000n;

/** Ids of the traces with a span that matches, those with the newest such span first; found by going back in time. */
export async function matchingTraces(store: Store, request: MatchingTracesRequest): Promise<string[]> {
  const { match, fromNs = 0n, toNs = BigInt(END_OF_TIME_S) * SECOND, limit, signal } = request;
  const resourceIds = await resourcesWithTags(store, match, signal);
  const found = new Set<string>();
  const windows = timeWindows(store, {
    to: Math.min(END_OF_TIME_S, minuteOf(toNs) + 60),
    floor: minuteOf(fromNs),
    signal,
  });
  for await (const window of windows) {
    const parameters = new Parameters();
    const condition = andAll(spanMatchConditions(match, resourceIds, parameters));
    // Spans whose trace was found already are among them: at most as many as were found.
    const rows = await store.query<{ id: string }>(statement("compatible-matching-traces", { condition }), {
      parameters: {
        ...parameters.values,
        from_ns: later(fromNs, BigInt(window.from) * SECOND),
        to_ns: earlier(toNs, BigInt(window.to) * SECOND),
        most: limit,
      },
      settings: window.isSmall ? POINT_LOOKUP : SCAN,
      ...(signal && { signal }),
    });
    for (const { id } of rows) if (found.size < limit) found.add(id);
    if (found.size >= limit) break;
  }
  return [...found];
}

function later(a: bigint, b: bigint): bigint {
  return a < b ? b : a;
}

function earlier(a: bigint, b: bigint): bigint {
  return a > b ? b : a;
}
