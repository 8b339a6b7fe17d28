import { NO_PARENT, PARENT_MISSING, SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import type { PlainTrace } from "@clew/protocol/traceql/naive/plain-trace";
import { type SpanSeed, spanIdOf } from "../../testing/insert-spans.ts";

const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"];
const STATUSES = ["unset", "ok", "error"];
const NO_ID = "0".repeat(16);

/** The spans of a trace of the analysis' tests as rows of the store, under another id and at another time. */
export function seedsOfColumns(trace: TraceColumns, traceId: string, startNs: bigint): SpanSeed[] {
  const { dict } = trace;
  const idOf = (row: number): string => spanIdOf(`${traceId} ${trace.id[row]}`);
  const rows = Array.from({ length: trace.n }, (_, row) => row);
  const linksBy = Map.groupBy(trace.links, ([row]) => row);
  return rows.map((row) => {
    const parent = trace.parent[row]!;
    return {
      trace_id: traceId,
      span_id: idOf(row),
      parent_span_id:
        parent === NO_PARENT ? NO_ID : parent === PARENT_MISSING ? spanIdOf("nobody") : idOf(parent),
      start_ns: startNs + BigInt(Math.round((trace.start[row]! - trace.start[0]!) * 1000)),
      duration_ns: BigInt(Math.round(trace.dur[row]! * 1000)),
      name: dict.name[trace.name[row]!]!,
      kind: trace.kind[row]!,
      status_code: trace.status[row]!,
      service_name: dict.service[trace.service[row]!]!,
      span_type: dict.type[trace.type[row]!]!,
      agent_name: dict.agent[trace.agent[row]!]!,
      model: dict.model[trace.model[row]!]!,
      tool_name: dict.tool[trace.tool[row]!]!,
      input_tokens: trace.tokIn[row]!,
      output_tokens: trace.tokOut[row]!,
      cost_usd: (row % 7) / 1000,
      usage_counts: (trace.flags[row]! & SPAN_FLAG.counted) === 0 ? 0 : 1,
      is_running: (trace.flags[row]! & SPAN_FLAG.running) === 0 ? 0 : 1,
      links: (linksBy.get(row) ?? []).map(([, , spanId]) => ({
        traceId,
        spanId: spanIdOf(`${traceId} ${spanId}`),
      })),
    };
  });
}

/** The spans of a trace of TraceQL's tests as rows of the store. */
export function seedsOfPlain({ traceId, spans }: PlainTrace): SpanSeed[] {
  return spans.map((span) => {
    const { agent } = span;
    const text = (value: unknown): string => (value === undefined ? "" : String(value));
    return {
      trace_id: traceId,
      span_id: span.spanId,
      parent_span_id: span.parentSpanId === "" ? NO_ID : span.parentSpanId,
      start_ns: span.start,
      duration_ns: agent["agent:running"] === true ? 0n : span.duration,
      name: span.name,
      kind: KINDS.indexOf(span.kind),
      status_code: STATUSES.indexOf(span.status),
      service_name: text(span.resource["service.name"]),
      span_type: text(agent["agent:type"]),
      agent_name: text(agent["agent:name"]),
      model: text(agent["agent:model"]),
      tool_name: text(agent["agent:tool"]),
      input_tokens: Number(agent["agent:input_tokens"] ?? 0),
      output_tokens: Number(agent["agent:output_tokens"] ?? 0),
      cost_usd: Number(agent["agent:cost"] ?? 0),
      usage_counts: agent["agent:type"] === "llm" && agent["agent:running"] !== true ? 1 : 0,
      is_running: agent["agent:running"] === true ? 1 : 0,
      links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    };
  });
}
