import type { Correlation } from "./trace-item.ts";

/** Bits of `TraceColumns.flags`. */
export const SPAN_FLAG = {
  /** Has prompts, completions or tool payloads; they come with the span's detail. */
  content: 1,
  events: 2,
  links: 4,
  logs: 8,
  /** Tokens and cost of this span count for the trace: no model span is below it. */
  counted: 16,
  /** Was told while it was running, and has not ended; its duration is 0. */
  running: 32,
} as const;

/** Values of `TraceColumns.parent` that are not an index. */
export const NO_PARENT = -1;
/** The parent was named but is not stored. */
export const PARENT_MISSING = -2;

/** The distinct texts that columns refer to by index; index 0 is always the empty text. */
export interface TraceDictionary {
  readonly name: readonly string[];
  readonly service: readonly string[];
  /** Normalised kinds of span, e.g. `agent`, `llm`, `tool`. */
  readonly type: readonly string[];
  readonly agent: readonly string[];
  readonly provider: readonly string[];
  readonly model: readonly string[];
  readonly tool: readonly string[];
  readonly err: readonly string[];
}

/**
 * One trace in columns: entry i of every array is span i. Spans are sorted by start, and by id where
 * starts are equal, so a child may come before its parent when clocks are skewed. Following `parent` always ends.
 */
export interface TraceColumns {
  readonly v: 1;
  readonly traceId: string;
  /** Start of the earliest span: Unix epoch, nanoseconds, decimal. */
  readonly t0Nanos: string;
  readonly t0Ms: number;
  /** From the earliest start to the latest end. */
  readonly durMs: number;
  /** Present when the trace has more spans than one answer carries; the earliest are shown. */
  readonly truncated?: { readonly total: number; readonly shown: number; readonly policy: "earliest" };
  readonly dict: TraceDictionary;
  readonly n: number;
  /** 16 hex characters. */
  readonly id: readonly string[];
  /** Index of the parent, `NO_PARENT` or `PARENT_MISSING`. */
  readonly parent: readonly number[];
  /** Microseconds since `t0Nanos`, with fractions to the nanosecond. */
  readonly start: readonly number[];
  /** Microseconds; negative when a span was sent as ending before it starts. */
  readonly dur: readonly number[];
  readonly name: readonly number[];
  /** OTLP's: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: readonly number[];
  readonly service: readonly number[];
  readonly type: readonly number[];
  readonly agent: readonly number[];
  readonly provider: readonly number[];
  readonly model: readonly number[];
  readonly tool: readonly number[];
  /** 0 unset, 1 ok, 2 error. */
  readonly status: readonly number[];
  readonly err: readonly number[];
  readonly tokIn: readonly number[];
  readonly tokOut: readonly number[];
  readonly tokCacheR: readonly number[];
  readonly tokCacheW: readonly number[];
  readonly tokReason: readonly number[];
  /** Millionths of a US dollar. */
  readonly costMicro: readonly number[];
  /** Time to first token in microseconds; 0 when unknown. */
  readonly ttftUs: readonly number[];
  /** `SPAN_FLAG` bits. */
  readonly flags: readonly number[];
  /** Span links: index of the span, trace linked to, span linked to. */
  readonly links: readonly (readonly [from: number, traceId: string, spanId: string])[];
  readonly ctx: TraceContext;
}

/** The ids that hold for the whole trace, and the traces it is linked with. */
export interface TraceContext {
  readonly session?: Correlation;
  readonly conversation?: Correlation;
  readonly task?: Correlation;
  readonly test?: { readonly case?: Correlation; readonly run?: Correlation };
  readonly user?: Correlation;
  /** Linked in either direction, one hop. */
  readonly linkedTraces: readonly string[];
}
