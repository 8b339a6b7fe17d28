import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";

/** One span of a trace in columns, by name. */
export interface SpanView {
  readonly spanId: string;
  /** Index of the parent, or one of the API's negative numbers. */
  readonly parent: number;
  readonly name: string;
  readonly service: string;
  readonly type: string;
  readonly agent: string;
  readonly model: string;
  readonly tool: string;
  readonly provider: string;
  readonly status: "unset" | "ok" | "error";
  /** Why it failed, as far as it was said. */
  readonly error: string;
  readonly startMs: number;
  /** Negative when a span was sent as ending before it starts; 0 for one that is running. */
  readonly durMs: number;
  /** Was told while it was open and has not ended, as far as is known. */
  readonly running: boolean;
  /** Was sent with the end time 0, and nothing says that it is running; its duration means nothing then. */
  readonly endless: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly reasoningTokens: number;
  readonly costUsd: number;
  /** Its tokens and cost count for the trace. */
  readonly counted: boolean;
}

const STATUS = ["unset", "ok", "error"] as const;

/** Span `at` of the trace; times are from the trace's start. */
export function spanView(trace: TraceColumns, at: number): SpanView {
  const { dict } = trace;
  const text = (texts: readonly string[], column: readonly number[]): string => texts[column[at] ?? 0] ?? "";
  const number = (column: readonly number[]): number => column[at] ?? 0;
  const startMs = msOf(number(trace.start));
  const durMs = msOf(number(trace.dur));
  const running = (number(trace.flags) & SPAN_FLAG.running) !== 0;
  return {
    spanId: trace.id[at] ?? "",
    parent: number(trace.parent),
    name: text(dict.name, trace.name),
    service: text(dict.service, trace.service),
    type: text(dict.type, trace.type),
    agent: text(dict.agent, trace.agent),
    model: text(dict.model, trace.model),
    tool: text(dict.tool, trace.tool),
    provider: text(dict.provider, trace.provider),
    status: STATUS[number(trace.status)] ?? "unset",
    error: text(dict.err, trace.err),
    startMs,
    durMs,
    running,
    endless: !running && durMs < 0 && Math.abs(trace.t0Ms + startMs + durMs) < 1,
    inputTokens: number(trace.tokIn),
    outputTokens: number(trace.tokOut),
    cacheReadTokens: number(trace.tokCacheR),
    reasoningTokens: number(trace.tokReason),
    costUsd: number(trace.costMicro) / 1e6,
    counted: (number(trace.flags) & SPAN_FLAG.counted) !== 0,
  };
}

/** Exact to the nanosecond: dividing alone leaves digits that nobody measured. */
function msOf(microseconds: number): number {
  return Math.round(microseconds * 1000) / 1_000_000;
}
