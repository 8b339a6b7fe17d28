import type { Tokens, TraceItem } from "./trace-item.ts";

/** A session or a task as a line of a list: its traces added up. */
export interface TraceGroup {
  readonly id: string;
  /** Start of its earliest span. */
  readonly startNanos: string;
  readonly startMs: number;
  /** End of its latest span. */
  readonly lastNanos: string;
  readonly lastMs: number;
  readonly traceCount: number;
  /** Traces with an error. */
  readonly errorTraceCount: number;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly llmCalls: number;
  readonly toolCalls: number;
  readonly tokens: Tokens;
  readonly costUsd: number;
  readonly agents: readonly string[];
  readonly services: readonly string[];
  readonly models: readonly string[];
  readonly users: readonly string[];
}

/** Newest activity first. */
export interface TraceGroupList {
  readonly items: readonly TraceGroup[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
  readonly tookMs: number;
}

/** One session or task. Its sums include traces that inherit its id. */
export interface TraceGroupDetail extends TraceGroup {
  /** Oldest first. */
  readonly traces: readonly TraceTurn[];
  /** Present when more traces belong to it than one answer carries; the newest are shown. */
  readonly truncated?: { readonly total: number; readonly shown: number };
}

/** A trace of a session or task, with what was asked and answered in it. */
export interface TraceTurn extends TraceItem {
  /**
   * What the user said last before the first step of the trace, at most 120 characters in one line. Empty where neither
   * a span nor a log record tells it, and for all but the newest 100 traces; what has more than 128 KiB of messages is
   * passed over.
   */
  readonly input: string;
  /** What the last step that ended answered, in the same way. */
  readonly output: string;
}
