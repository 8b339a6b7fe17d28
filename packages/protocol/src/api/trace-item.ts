export type TraceStatus = "unset" | "ok" | "error";

/** An id that holds for a trace. */
export interface Correlation {
  readonly id: string;
  /** False when a span of this trace carries it; true when only a linked trace does. */
  readonly inherited: boolean;
}

/** Tokens of a trace, counted once: model spans without a model span below them. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
}

/** What went wrong first: the error span of a trace that ended earliest, or the one below it that its error came from. */
export interface TraceError {
  /** `error.type`, or the type of the recorded exception; empty when neither was sent. */
  readonly type: string;
  /** At most 80 characters. */
  readonly message: string;
  readonly service: string;
  readonly agent: string;
  readonly spanId: string;
}

/** One trace as a line of a list. */
export interface TraceItem {
  readonly traceId: string;
  /** Name of the root span, or of the earliest span when no root has arrived. */
  readonly rootName: string;
  readonly rootService: string;
  readonly rootMissing: boolean;
  readonly rootStatus: TraceStatus;
  /** The root has begun and not ended; sums and duration are of what has. */
  readonly isRunning: boolean;
  /** Start of the earliest span: Unix epoch, nanoseconds, decimal. */
  readonly startNanos: string;
  readonly startMs: number;
  /** From the earliest start to the latest end. */
  readonly durMs: number;
  /** `error` when any span has an error, even where the root recovered; else the root's. */
  readonly status: TraceStatus;
  readonly error?: TraceError;
  readonly agents: readonly string[];
  readonly services: readonly string[];
  readonly models: readonly string[];
  /** Spans that have ended; 0 while all that is known of the trace is still running. */
  readonly spanCount: number;
  readonly errorCount: number;
  readonly llmCalls: number;
  readonly toolCalls: number;
  readonly tokens: Tokens;
  readonly costUsd: number;
  readonly session?: Correlation;
  readonly conversation?: Correlation;
  readonly task?: Correlation;
  readonly test?: { readonly case?: Correlation; readonly run?: Correlation };
  readonly user?: Correlation;
}

/** Newest first. */
export interface TraceList {
  readonly items: readonly TraceItem[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
  readonly tookMs: number;
}
