import type { Store } from "../../store/store.ts";
import { SCAN } from "../query-settings.ts";
import { statement } from "../sql.ts";
import { newestSpans, type Stretch } from "./newest-spans.ts";

export interface ServiceLinksRequest {
  /** When spans start. */
  readonly stretch: Stretch;
  /** Whether names that differ in upper and lower case only are one, and come in lower case. */
  readonly ignoreCase?: boolean;
  readonly signal?: AbortSignal;
}

/** That one service called another one. */
export interface ServiceLink {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
  readonly errorCount: number;
}

interface LinkRow {
  readonly parent: string;
  readonly child: string;
  readonly call_count: string;
  readonly error_count: string;
}

/** Joining more spans than this takes seconds and hundreds of megabytes. */
const MOST_SPANS = 2_000_000;

/**
 * Which services called which, and how often, sorted. A call is a span whose parent is a span of another service.
 * Where there are more than 2 million spans, the newest ones count.
 */
export async function serviceLinks(store: Store, request: ServiceLinksRequest): Promise<ServiceLink[]> {
  const { stretch, ignoreCase = false, signal } = request;
  const newest = await newestSpans(store, stretch, MOST_SPANS, signal);
  if (newest === undefined) return [];
  const rows = await store.query<LinkRow>(statement("compatible-service-links"), {
    parameters: {
      from_ns: newest.fromNs,
      to_ns: newest.toNs,
      ignore_case: ignoreCase ? 1 : 0,
      most: MOST_SPANS,
    },
    settings: SCAN,
    ...(signal && { signal }),
  });
  return rows.map(({ parent, child, call_count, error_count }) => ({
    parent,
    child,
    callCount: Number(call_count),
    errorCount: Number(error_count),
  }));
}
