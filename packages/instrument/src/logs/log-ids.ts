import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import { contextParts } from "../context/context-parts.ts";
import type { Settings } from "../settings.ts";

/** Fields of a log line: `trace_id`, `span_id` and `trace_flags` in lower-case hex, and correlation ids. */
export type LogIds = Readonly<Record<string, string>>;

/** Tells the ids of what is going on when it is called; undefined where there are none, or none are wanted. */
export function activeLogIds(settings: Settings): () => LogIds | undefined {
  if (!settings.logIds) return () => undefined;
  const { correlation } = contextParts(settings.context);
  return () => {
    const active = context.active();
    const span = trace.getSpanContext(active);
    const ids = correlation.idsOf(active);
    const isInSpan = span !== undefined && isSpanContextValid(span);
    if (!isInSpan && ids.length === 0) return undefined;
    const fields: Record<string, string> = {};
    if (isInSpan) {
      fields.trace_id = span.traceId;
      fields.span_id = span.spanId;
      fields.trace_flags = span.traceFlags.toString(16).padStart(2, "0");
    }
    for (const [key, value] of ids) fields[key] = value;
    return fields;
  };
}

/** Puts ids on a record before it is written; what the agent wrote itself stays. */
export function addIds(record: Record<string, unknown>, ids: LogIds): void {
  for (const key in ids) if (record[key] === undefined) record[key] = ids[key];
}
