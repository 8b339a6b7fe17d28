import { LOG_TEXT_SHOWN, type LogItem } from "@clew/protocol/api/logs";
import type { Store } from "../../store/store.ts";
import type { PartialReason } from "../traceql/search-budget.ts";
import { readLogFilter } from "./log-condition.ts";
import type { LogCursor } from "./log-cursor.ts";
import { logItems } from "./log-items.ts";
import { type LogConditions, selectLogs } from "./log-selection.ts";
import { type AroundRequest, type Surroundings, surroundingsOf } from "./logs-around.ts";
import { searchLogs } from "./search-logs.ts";

export interface LogPageRequest extends Omit<LogConditions, "condition" | "around"> {
  /** A filter as `parseLogFilter` reads it; every record when there is none. */
  readonly query?: string;
  /** When a record was made: from inclusive, to exclusive. */
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
  readonly around?: AroundRequest;
  /** This one record, and that whole. */
  readonly only?: LogCursor;
  /** Records on the page. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: LogCursor;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** The newest log records that were asked for, and where to go on. */
export interface LogPage {
  readonly items: readonly LogItem[];
  readonly around?: Surroundings;
  /** Set when the budget was spent before the page was full. */
  readonly partial?: PartialReason;
  /** Absent when nothing is left to look at. */
  readonly next?: LogCursor;
}

/** No text is longer. */
const WHOLE = 2 ** 32 - 1;
const MOST_RECORD = 2n ** 64n - 1n;

/**
 * The newest log records. Rejects with `InvalidQuery`, as `resolveTrace` does where a trace is asked for, and with
 * `SpanNotFound` or `InvalidSpanId` where the records around a span are; when time or bytes do not suffice the answer is
 * partial.
 */
export async function listLogs(store: Store, request: LogPageRequest): Promise<LogPage> {
  const { query, around: span, only, signal, ...rest } = request;
  const condition = query === undefined ? undefined : readLogFilter(query);
  const around = span && (await surroundingsOf(store, span, signal));
  const selection = await selectLogs(
    store,
    { ...rest, ...(condition && { condition }), ...(around && { around }) },
    signal,
  );
  const { rows, partial, next } = await searchLogs(store, {
    ...rest,
    selection,
    ...boundsOf(request, around),
    // A page of one that begins right before the record.
    ...(only && {
      after: { ...only, record: min(only.record + 1n, MOST_RECORD) },
      fromNs: only.atNs,
      limit: 1,
    }),
    shown: only === undefined ? LOG_TEXT_SHOWN : WHOLE,
    signal,
  });
  const found = only === undefined ? rows : rows.filter(({ record }) => record === String(only.record));
  return {
    items: await logItems(store, found, { around, isWhole: only !== undefined, signal }),
    ...(around && { around }),
    ...(partial && { partial }),
    ...(next && only === undefined && { next }),
  };
}

function boundsOf({ fromNs, toNs }: LogPageRequest, around: Surroundings | undefined) {
  if (around === undefined) return { fromNs, toNs };
  return {
    fromNs: fromNs !== undefined && fromNs > around.fromNs ? fromNs : around.fromNs,
    toNs: toNs !== undefined && toNs < around.toNs ? toNs : around.toNs,
  };
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
