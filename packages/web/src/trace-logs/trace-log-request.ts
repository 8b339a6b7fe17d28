import type { LogListRequest } from "@clew/protocol/api/requests";
import { isLogFilter } from "../logs/log-language.ts";
import { logsPlaceOf, readLogWords, requestOf } from "../logs/log-query.ts";

/** Whose records are shown: all of the trace, the selected span's, or what happened around it. */
export type LogsOf = "trace" | "span" | "around";

export function readLogsOf(text: string | null): LogsOf {
  return text === "span" || text === "around" ? text : "trace";
}

/** What the API is asked for; `typed` is a filter, or words and `name:value` conditions. Without a span, all of the trace. */
export function traceLogRequest(
  traceId: string,
  typed: string,
  of: LogsOf,
  spanId: string | undefined,
): LogListRequest {
  const query = new URLSearchParams();
  if (isLogFilter(typed)) query.set("q", typed.trim());
  else for (const [name, value] of readLogWords(typed)) query.append(name, value);
  const { trace: _, span: typedSpan, ...conditions } = requestOf(logsPlaceOf(query));
  if (spanId === undefined || of === "trace") {
    return { ...conditions, trace: traceId, ...(typedSpan !== undefined && { span: typedSpan }) };
  }
  return { ...conditions, trace: traceId, ...(of === "span" ? { span: spanId } : { around: spanId }) };
}

const NANOS_PER_MS = 1_000_000n;

/** Since the trace's start: `+12.345 s`. */
export function sinceTrace(timeNanos: string, t0Nanos: string): string {
  const ms = Number((BigInt(timeNanos) - BigInt(t0Nanos)) / NANOS_PER_MS);
  return `${ms < 0 ? "−" : "+"}${(Math.abs(ms) / 1000).toFixed(3)} s`;
}
