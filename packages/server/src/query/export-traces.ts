import type { TracesData } from "@clew/protocol/otlp/model";
import type { Store } from "../store/store.ts";
import { EXPORT_TIMEOUT_MS, type ExportSelection, inPieces } from "./export-selection.ts";
import { groupByOrigin } from "./group-origins.ts";
import { Origins } from "./origins.ts";
import { SCAN } from "./query-settings.ts";
import { resolveTrace } from "./resolve-trace.ts";
import { restoreSpan, type WholeSpanRow } from "./restore-span.ts";
import { EndedFirst } from "./running.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "./sql.ts";

const SPANS_AT_ONCE = 1000;
const SLICE_NS = 900_000_000_000n;
/** The last moment that the store knows; a bound beyond it bounds nothing, and would turn negative there. */
const LAST_NS = 2n ** 63n - 1n;

/**
 * Spans as they were sent, in pieces of at most 1,000; a span that was sent twice comes once. Whole traces
 * come one after the other; otherwise spans come in quarters of an hour. Throws as `resolveTrace` does, before
 * the first piece.
 */
export async function* exportTraces(store: Store, selection: ExportSelection): AsyncGenerator<TracesData> {
  const origins = new Origins(store, selection.signal);
  const ended = new EndedFirst();
  for await (const piece of inPieces(spanRows(store, selection), SPANS_AT_ONCE)) {
    const rows = piece.filter((row) => ended.keep(row));
    await origins.load(rows);
    yield tracesData(rows, origins);
  }
}

/** Rows in the structure of OTLP; their origins are loaded. */
export function tracesData(rows: readonly WholeSpanRow[], origins: Origins): TracesData {
  return {
    resourceSpans: groupByOrigin(rows, origins).map(({ origin, scopes }) => ({
      ...origin,
      scopeSpans: scopes.map((scope) => ({ ...scope.origin, spans: scope.rows.map(restoreSpan) })),
    })),
  };
}

async function* spanRows(store: Store, selection: ExportSelection): AsyncGenerator<WholeSpanRow[]> {
  const { traces, fromNs, toNs, signal } = selection;
  if (traces === undefined) {
    for (const slice of await slices(store, selection)) {
      yield* stream(store, { fromNs: later(fromNs, slice), toNs: earlier(toNs, slice + SLICE_NS) }, signal);
    }
    return;
  }
  const found = [];
  for (const reference of traces) found.push(await resolveTrace(store, reference, signal));
  for (const { id, startNs, endNs } of new Map(found.map((trace) => [trace.id, trace])).values()) {
    const bounds = { traceId: id, fromNs: later(fromNs, startNs), toNs: earlier(toNs, endNs + 1n) };
    yield* stream(store, bounds, signal);
  }
}

async function slices(store: Store, { fromNs, toNs, signal }: ExportSelection): Promise<bigint[]> {
  const parameters = new Parameters();
  const rows = andAll(between(fromNs, toNs, parameters));
  const found = await store.query<{ slice: string }>(statement("export-slices", { rows }), {
    parameters: parameters.values,
    settings: SCAN,
    timeoutMs: EXPORT_TIMEOUT_MS,
    ...(signal && { signal }),
  });
  return found.map((row) => BigInt(row.slice) * SLICE_NS);
}

function stream(
  store: Store,
  bounds: { readonly traceId?: string; readonly fromNs: bigint; readonly toNs: bigint },
  signal: AbortSignal | undefined,
): AsyncIterable<WholeSpanRow[]> {
  const parameters = new Parameters();
  const conditions = between(bounds.fromNs, bounds.toNs, parameters);
  if (bounds.traceId !== undefined) {
    const traceId = fragment`toFixedString(unhex(${parameters.bind("String", bounds.traceId)}), 16)`;
    conditions.push(
      fragment`xxHash32(spans.trace_id) = xxHash32(${traceId}) AND spans.trace_id = ${traceId}`,
    );
  }
  return store.stream<WholeSpanRow>(statement("whole-spans", { rows: andAll(conditions) }), {
    parameters: parameters.values,
    settings: SCAN,
    timeoutMs: EXPORT_TIMEOUT_MS,
    ...(signal && { signal }),
  });
}

function between(
  fromNs: bigint | undefined,
  toNs: bigint | undefined,
  parameters: Parameters,
): SqlFragment[] {
  const moment = (nanos: bigint) =>
    fragment`fromUnixTimestamp64Nano(${parameters.bind("Int64", nanos)}, 'UTC')`;
  return [
    ...(fromNs === undefined ? [] : [fragment`start_time >= ${moment(fromNs)}`]),
    ...(toNs === undefined || toNs > LAST_NS ? [] : [fragment`start_time < ${moment(toNs)}`]),
  ];
}

function later(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || a < b ? b : a;
}

function earlier(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || a > b ? b : a;
}
