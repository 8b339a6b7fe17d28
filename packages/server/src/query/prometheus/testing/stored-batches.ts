import type { Store } from "../../../store/store.ts";
import { insertSpans, type SpanSeed, spanIdOf, traceIdOf } from "../../testing/insert-spans.ts";
import type { TraceMetrics } from "../trace-metrics.ts";

export const START_NS = 1_780_000_000_000_000_000n;
export const MS = 1_000_000n;
export const NEVER = new AbortController().signal;
/** The partition that `insertSpans` writes. */
export const DAY = Date.UTC(2026, 0, 1) / 86_400_000;

/** A clock that is set by hand. */
export class Clock {
  seconds = 100;
  readonly nowMs = (): number => this.seconds * 1000;
}

export function span(trace: string, name: string, more: Partial<SpanSeed> = {}): SpanSeed {
  const ids = { trace_id: traceIdOf(trace), span_id: spanIdOf(`${trace} ${name}`) };
  return { ...ids, start_ns: START_NS, name, ...more };
}

/** A child of the span with this name. */
export function below(trace: string, parent: string): Pick<SpanSeed, "parent_span_id"> {
  return { parent_span_id: spanIdOf(`${trace} ${parent}`) };
}

/** `insertSpans` counts the batches of a process. */
let batches = 0;

/** Stores up to 300 spans as one batch and tells of it, as the server does. */
export async function storeBatch(
  store: Store,
  metrics: TraceMetrics,
  spans: readonly SpanSeed[],
): Promise<void> {
  await insertSpans(store, spans);
  batches += 1;
  metrics.onStored({ batchId: BigInt(batches), day: DAY, spans: spans.length, logs: 0, metricPoints: 0 });
}

/** Notes that spans have an attribute of this key, as ingest does. */
export async function noteKey(store: Store, key: string): Promise<void> {
  const sql = "INSERT INTO attribute_keys SELECT 'span', {key:String}, 'string', toDate('2026-01-01')";
  await store.command(sql, { parameters: { key } });
}
