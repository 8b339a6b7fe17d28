import type { Usage } from "../understand/call.ts";

/** What a request that came in was, when it is over. Nothing secret: no header, no query, no body. */
export interface RequestFacts {
  readonly listener: string;
  /** Name of the route in the configuration; undefined where none fits. */
  readonly route?: string | undefined;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Sent to the client; 499 when it left before there was one. */
  readonly status: number;
  /** `error.type` of OpenTelemetry; undefined when nothing failed. */
  readonly errorType?: string | undefined;
  /** From the first byte of the request to the last of the answer. */
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Empty when the request is not traced at all. */
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
  /** Tries of upstreams, the first one included; 0 when none was asked. */
  readonly tries: number;
  /** The last one tried. */
  readonly upstream?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly testCaseId?: string | undefined;
  readonly agent?: string | undefined;
  /** True when the answer came from a recording. */
  readonly replayed?: boolean | undefined;
  /** Of a call of a model. */
  readonly model?: ModelFacts | undefined;
}

export interface ModelFacts {
  /** `gen_ai.operation.name` */
  readonly operation: string;
  /** `gen_ai.provider.name` */
  readonly provider: string;
  readonly asked?: string | undefined;
  readonly answered?: string | undefined;
  readonly streams: boolean;
  readonly tokens?: Usage | undefined;
  readonly costUsd?: number | undefined;
  /** From the start of the request to the first piece of a streamed answer. */
  readonly firstChunkMs?: number | undefined;
  /** To the first one that has content. */
  readonly firstTokenMs?: number | undefined;
}

/** One try of an upstream, when it is over. */
export interface TryFacts {
  readonly route?: string | undefined;
  readonly upstream: string;
  /** Undefined when no answer came. */
  readonly status?: number | undefined;
  readonly errorType?: string | undefined;
  readonly durationMs: number;
  /** Why there was another try before this one. */
  readonly because?: "retry" | "fallback" | undefined;
}
