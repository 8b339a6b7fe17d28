import { setImmediate } from "node:timers/promises";
import type { Message } from "@clew/protocol/genai/message";
import { messagesOf } from "@clew/protocol/genai/messages-of";
import { previewOf } from "@clew/protocol/genai/preview";
import type { Store } from "../store/store.ts";
import { extentOf } from "./extent.ts";
import { toldByLogs } from "./group-log-previews.ts";
import { Origins } from "./origins.ts";
import type { WholeSpanRow } from "./restore-span.ts";
import { restoreSpan } from "./restore-span.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "./sql.ts";
import type { TraceSummary } from "./trace-summary.ts";
import { BudgetSpent, SearchBudget } from "./traceql/search-budget.ts";

/** What was asked and answered in a trace, a line each; empty where nothing tells. */
export interface TracePreview {
  readonly input: string;
  readonly output: string;
}

export interface PreviewLimits {
  readonly timeoutMs: number;
  /** That one statement may read. */
  readonly maxBytes: number;
  /** A span with more content is passed over. */
  readonly mostSpanBytes: number;
  /** When so much content was read, the other traces have no previews. */
  readonly mostBytes: number;
}

const LIMITS: PreviewLimits = {
  timeoutMs: 2000,
  maxBytes: 4 * 1024 ** 3,
  mostSpanBytes: 128 * 1024,
  mostBytes: 16 * 1024 ** 2,
};
const CHARACTERS = 120;
/** Spans looked at in each trace for what was asked, and as many for what was answered. */
const SPANS_EACH = 2;
const TRACES_AT_ONCE = 10;
/** How long messages are read at a stretch. */
const BUSY_MS = 20;

const EARLIEST = fragment`start_time, span_id`;
const LATEST = fragment`toUnixTimestamp64Nano(start_time) + duration_ns DESC, span_id`;

/**
 * For each trace what a user asked last before its first step, and what its last step answered. Traces for which time
 * or bytes do not suffice are not in the answer.
 */
export async function tracePreviews(
  store: Store,
  traces: readonly TraceSummary[],
  signal?: AbortSignal,
  limits: PreviewLimits = LIMITS,
): Promise<Map<string, TracePreview>> {
  const previews = new Map<string, TracePreview>();
  if (traces.length === 0) return previews;
  const budget = new SearchBudget({ timeoutMs: limits.timeoutMs, maxBytes: limits.maxBytes, signal });
  const origins = new Origins(store, signal);
  try {
    const [earliest, latest] = await Promise.all([
      spansWithMessages(store, traces, EARLIEST, budget),
      spansWithMessages(store, traces, LATEST, budget),
    ]);
    let bytes = 0;
    for (let at = 0; at < traces.length && bytes < limits.mostBytes; at += TRACES_AT_ONCE) {
      const some = traces.slice(at, at + TRACES_AT_ONCE);
      const ids = new Set(some.map(({ id }) => id));
      const keys = [...earliest, ...latest].filter(({ trace }) => ids.has(trace));
      const rows = await wholeSpans(store, some, keys, limits.mostSpanBytes, budget);
      await origins.load([...rows.values()]);
      for (const row of rows.values())
        bytes += row.content_values.reduce((sum, { length }) => sum + length, 0);
      await addPreviews(previews, some, { earliest, latest, rows, origins }, budget);
      await addFromLogs(store, previews, some, limits.mostSpanBytes, budget);
    }
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
  }
  return previews;
}

interface SpanKey {
  readonly trace: string;
  readonly span: string;
}

function spansWithMessages(
  store: Store,
  traces: readonly TraceSummary[],
  order: SqlFragment,
  budget: SearchBudget,
): Promise<SpanKey[]> {
  return budget.run((options) => store.query<SpanKey>(statement("group-message-spans", { order }), options), {
    ids: traces.map(({ id }) => id).join(""),
    from_ns: firstStart(traces),
    each: SPANS_EACH,
  });
}

/** The spans by trace and span id, as far as they may be read. */
async function wholeSpans(
  store: Store,
  traces: readonly TraceSummary[],
  keys: readonly SpanKey[],
  mostSpanBytes: number,
  budget: SearchBudget,
): Promise<Map<string, WholeSpanRow>> {
  if (keys.length === 0) return new Map();
  const parameters = new Parameters();
  const from = fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", firstStart(traces))}, 'UTC')`;
  const traceIds = parameters.bind("Array(String)", [...new Set(keys.map(({ trace }) => trace))]);
  const spanIds = parameters.bind("Array(String)", [...new Set(keys.map(({ span }) => span))]);
  const most = parameters.bind("UInt32", mostSpanBytes);
  const conditions = andAll([
    fragment`toStartOfFifteenMinutes(start_time) >= toStartOfFifteenMinutes(${from}) AND start_time >= ${from}`,
    fragment`spans.trace_id IN (SELECT toFixedString(unhex(arrayJoin(${traceIds})), 16))`,
    fragment`spans.span_id IN (SELECT toFixedString(unhex(arrayJoin(${spanIds})), 8))`,
    fragment`NOT is_running`,
    fragment`arraySum(arrayMap(value -> length(value), mapValues(content))) <= ${most}`,
  ]);
  const rows = await budget.run(
    (options) => store.query<WholeSpanRow>(statement("whole-spans", { rows: conditions }), options),
    parameters.values,
  );
  return new Map(rows.map((row) => [`${row.trace_id} ${row.span_id}`, row]));
}

interface Read {
  readonly earliest: readonly SpanKey[];
  readonly latest: readonly SpanKey[];
  readonly rows: ReadonlyMap<string, WholeSpanRow>;
  readonly origins: Origins;
}

async function addPreviews(
  previews: Map<string, TracePreview>,
  traces: readonly TraceSummary[],
  { earliest, latest, rows, origins }: Read,
  budget: SearchBudget,
): Promise<void> {
  const byTrace = (keys: readonly SpanKey[]) => Map.groupBy(keys, ({ trace }) => trace);
  const [first, last] = [byTrace(earliest), byTrace(latest)];
  const shown = (keys: readonly SpanKey[] | undefined, read: (row: WholeSpanRow) => string) => {
    for (const { trace, span } of keys ?? []) {
      const row = rows.get(`${trace} ${span}`);
      const line = row === undefined ? "" : read(row);
      if (line !== "") return line;
    }
    return "";
  };
  const conversation = (row: WholeSpanRow) =>
    messagesOf({ ...restoreSpan(row), scopeName: origins.scope(row.scope_id).message?.name ?? "" });
  let restMs = performance.now() + BUSY_MS;
  for (const { id } of traces) {
    previews.set(id, {
      input: shown(first.get(id), (row) => asked(conversation(row).input)),
      output: shown(last.get(id), (row) => previewOf(conversation(row).output, CHARACTERS)),
    });
    if (performance.now() < restMs) continue;
    // Others use this thread too.
    await setImmediate();
    budget.check();
    restMs = performance.now() + BUSY_MS;
  }
}

/** For traces of which no span tells anything: what log records tell. */
async function addFromLogs(
  store: Store,
  previews: Map<string, TracePreview>,
  traces: readonly TraceSummary[],
  mostBytes: number,
  budget: SearchBudget,
): Promise<void> {
  const silent = traces.map(({ id }) => id).filter((id) => isEmpty(previews.get(id)));
  for (const [id, { first, last }] of await toldByLogs(store, silent, mostBytes, budget)) {
    previews.set(id, {
      input: first.map(({ input }) => asked(input)).find(Boolean) ?? "",
      output: last.map(({ output }) => previewOf(output, CHARACTERS)).findLast(Boolean) ?? "",
    });
  }
}

function isEmpty(preview: TracePreview | undefined): boolean {
  return preview === undefined || (preview.input === "" && preview.output === "");
}

/** Models are given all that was said before: what the user said last, else whatever came last. */
function asked(input: readonly Message[]): string {
  const ofUser = input.filter(({ role }) => role === "user");
  return previewOf(ofUser, CHARACTERS) || previewOf(input, CHARACTERS);
}

function firstStart(traces: readonly TraceSummary[]): bigint {
  return extentOf(
    traces,
    ({ startNs }) => startNs,
    ({ endNs }) => endNs,
  ).startNs;
}
