import type { Conversation } from "../genai/message.ts";
import type { AnyValue, EntityRef, KeyValue, LogRecord, SpanEvent, SpanLink } from "../otlp/model.ts";
import type { TraceStatus } from "./trace-item.ts";

export interface ResourceDetail {
  readonly schemaUrl: string;
  readonly attributes: readonly KeyValue[];
  readonly droppedAttributesCount: number;
  readonly entityRefs: readonly EntityRef[];
}

export interface ScopeDetail {
  readonly schemaUrl: string;
  readonly name: string;
  readonly version: string;
  readonly attributes: readonly KeyValue[];
  readonly droppedAttributesCount: number;
}

/** What the attributes of any emitter were understood to mean; empty text and 0 where nothing was said. */
export interface SpanMeaning {
  readonly type: string;
  readonly agent: string;
  readonly agentId: string;
  readonly provider: string;
  readonly model: string;
  readonly tool: string;
  readonly errorType: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  readonly costUsd: number;
  readonly timeToFirstTokenMs: number;
  readonly session: string;
  readonly conversation: string;
  readonly task: string;
  readonly testCase: string;
  readonly testRun: string;
  readonly user: string;
}

/** A log record of the span, with the resource and scope left out. */
export interface SpanLog extends LogRecord {
  readonly body?: AnyValue;
  readonly service: string;
}

/** Everything stored about one span. Attributes are typed, in the order sent. */
export interface SpanDetail {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  /** OTLP's: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startNanos: string;
  readonly endNanos: string;
  readonly startMs: number;
  readonly durMs: number;
  readonly status: TraceStatus;
  readonly statusMessage: string;
  readonly service: string;
  readonly meaning: SpanMeaning;
  readonly attributes: readonly KeyValue[];
  readonly droppedAttributesCount: number;
  readonly events: readonly SpanEvent[];
  readonly droppedEventsCount: number;
  readonly links: readonly SpanLink[];
  readonly droppedLinksCount: number;
  readonly resource: ResourceDetail;
  readonly scope: ScopeDetail;
  readonly logs: readonly SpanLog[];
  /** Prompts, completions and tool definitions, whatever the emitter called them; empty lists when there are none. */
  readonly messages: Conversation;
  /** Bytes of text. */
  readonly sizes: { readonly attributes: number; readonly content: number };
}

/** The spans that answer to one id; more than one only where different spans were sent under the same id. */
export interface SpanAnswer {
  readonly spans: readonly SpanDetail[];
}
