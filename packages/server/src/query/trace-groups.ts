import type { TraceGroup } from "@clew/protocol/api/trace-group";
import type { Store } from "../store/store.ts";
import type { GroupCursor } from "./group-cursor.ts";
import { POINT_LOOKUP, SCAN } from "./query-settings.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "./sql.ts";
import { END_OF_TIME_S, minuteOf, type TimeWindow, timeWindows } from "./time-windows.ts";
import { msOf } from "./trace-items.ts";

/** What traces are grouped by. */
export type GroupKind = "session" | "task";

export interface GroupPageRequest {
  readonly limit: number;
  readonly after?: GroupCursor;
  /** Part of the id. */
  readonly id?: string;
  /** Bounds of the newest activity, to the minute: from inclusive, to exclusive. */
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
  readonly signal?: AbortSignal;
}

export interface GroupPage {
  readonly items: readonly TraceGroup[];
  /** Where the next page begins; absent when this is the last. */
  readonly next?: GroupCursor;
}

interface SumsRow {
  readonly id: string;
  readonly last_bucket: number;
  readonly last_row_ns: string;
  readonly start_ns: string;
  readonly last_ns: string;
  readonly trace_count: string;
  readonly error_trace_count: string;
  readonly span_count: string;
  readonly error_count: string;
  readonly model_call_count: string;
  readonly tool_call_count: string;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly cache_read_tokens: string;
  readonly cost_usd: number;
  readonly agents: readonly string[];
  readonly services: readonly string[];
  readonly models: readonly string[];
  readonly users: readonly string[];
}

interface KeyRow {
  readonly id: string;
  readonly last_bucket: number;
  readonly last_ns: string;
}

const COLUMNS: Readonly<Record<GroupKind, SqlFragment>> = {
  session: fragment`session_id`,
  task: fragment`task_id`,
};

/** Sessions or tasks, newest activity first. A trace counts for the id that its own spans carry. */
export async function traceGroups(
  store: Store,
  kind: GroupKind,
  request: GroupPageRequest,
): Promise<GroupPage> {
  const { limit, fromNs, toNs, signal } = request;
  const found: { key: KeyRow; group: TraceGroup }[] = [];
  const ends = [toNs === undefined ? END_OF_TIME_S : minuteOf(toNs), END_OF_TIME_S];
  if (request.after !== undefined) ends.push(request.after.lastBucket + 60);
  const windows = timeWindows(store, {
    to: Math.min(...ends),
    floor: fromNs === undefined ? 0 : minuteOf(fromNs),
    signal,
  });
  let { after } = request;
  for await (const window of windows) {
    for (let wanted = limit + 1 - found.length; ; wanted = limit + 1 - found.length) {
      const keys = await keysIn(store, kind, window, request, after, wanted);
      found.push(...(await thatEndThere(store, kind, keys, signal)));
      const last = keys.at(-1);
      if (last !== undefined) after = cursorOf(last);
      if (keys.length < wanted || found.length > limit) break;
    }
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  const items = page.map(({ group }) => group);
  const last = page.at(-1);
  return found.length > limit && last !== undefined ? { items, next: cursorOf(last.key) } : { items };
}

/** How many traces carry the id themselves. */
export async function groupSize(
  store: Store,
  kind: GroupKind,
  id: string,
  signal?: AbortSignal,
): Promise<number> {
  const [row] = await sums(store, kind, [id], signal);
  return Number(row?.trace_count ?? 0);
}

function keysIn(
  store: Store,
  kind: GroupKind,
  window: TimeWindow,
  request: GroupPageRequest,
  after: GroupCursor | undefined,
  most: number,
): Promise<KeyRow[]> {
  const parameters = new Parameters();
  const conditions = [];
  if (request.id !== undefined) {
    const part = parameters.bind("String", request.id);
    conditions.push(fragment`positionCaseInsensitiveUTF8(${COLUMNS[kind]}, ${part}) > 0`);
  }
  const having = [];
  if (after !== undefined) {
    const bucket = parameters.bind("UInt32", after.lastBucket);
    const lastNs = parameters.bind("Int64", after.lastNs);
    having.push(
      fragment`(last_bucket, last_ns, id) < (${bucket}, ${lastNs}, ${parameters.bind("String", after.id)})`,
    );
  }
  const slots = { id: COLUMNS[kind], conditions: andAll(conditions), after: andAll(having) };
  return store.query<KeyRow>(statement("group-keys", slots), {
    parameters: { ...parameters.values, window_from: window.from, window_to: window.to, most },
    settings: window.isSmall ? POINT_LOOKUP : SCAN,
    ...(request.signal && { signal: request.signal }),
  });
}

/** Those that were not active after the window in which they were found, with their sums. */
async function thatEndThere(
  store: Store,
  kind: GroupKind,
  keys: readonly KeyRow[],
  signal: AbortSignal | undefined,
): Promise<{ key: KeyRow; group: TraceGroup }[]> {
  const rows = await sums(
    store,
    kind,
    keys.map((key) => key.id),
    signal,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return keys.flatMap((key) => {
    const row = byId.get(key.id);
    return row !== undefined && row.last_bucket === key.last_bucket ? [{ key, group: groupOf(row) }] : [];
  });
}

async function sums(
  store: Store,
  kind: GroupKind,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<SumsRow[]> {
  if (ids.length === 0) return [];
  return store.query<SumsRow>(statement("group-sums", { id: COLUMNS[kind] }), {
    parameters: { ids },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
}

function cursorOf(key: KeyRow): GroupCursor {
  return { lastBucket: key.last_bucket, lastNs: BigInt(key.last_ns), id: key.id };
}

function groupOf(row: SumsRow): TraceGroup {
  return {
    id: row.id,
    startNanos: row.start_ns,
    startMs: msOf(BigInt(row.start_ns)),
    lastNanos: row.last_ns,
    lastMs: msOf(BigInt(row.last_ns)),
    traceCount: Number(row.trace_count),
    errorTraceCount: Number(row.error_trace_count),
    spanCount: Number(row.span_count),
    errorCount: Number(row.error_count),
    llmCalls: Number(row.model_call_count),
    toolCalls: Number(row.tool_call_count),
    tokens: {
      input: Number(row.input_tokens),
      output: Number(row.output_tokens),
      cacheRead: Number(row.cache_read_tokens),
    },
    costUsd: row.cost_usd,
    agents: row.agents,
    services: row.services,
    models: row.models,
    users: row.users,
  };
}
