import { PARENT_MISSING, type TraceColumns } from "@clew/protocol/api/trace-columns";
import { analysisJson } from "./analysis-json.ts";
import { type SpanView, spanView } from "./span-view.ts";

/**
 * A trace for programs: one object per span instead of columns. Empty texts and zeros are left out; a span that is
 * running or was sent without an end has no duration. `analysis` is what explains the trace.
 */
export function traceJson(trace: TraceColumns): object {
  const { traceId, t0Nanos, t0Ms, durMs, truncated, ctx } = trace;
  return {
    traceId,
    startNanos: t0Nanos,
    startMs: t0Ms,
    durMs,
    ...ctx,
    ...(truncated !== undefined && { truncated }),
    spans: Array.from({ length: trace.n }, (_, at) => spanJson(trace, spanView(trace, at))),
    analysis: analysisJson(trace),
  };
}

function spanJson(
  trace: TraceColumns,
  { parent, spanId, startMs, durMs, status, ...rest }: SpanView,
): object {
  const said = Object.entries(rest).filter(([, value]) => value !== "" && value !== 0 && value !== false);
  return {
    spanId,
    ...(parent >= 0 && { parentSpanId: trace.id[parent] }),
    ...(parent === PARENT_MISSING && { parentMissing: true }),
    ...Object.fromEntries(said),
    status,
    startMs,
    ...(!rest.running && !rest.endless && { durMs }),
  };
}
