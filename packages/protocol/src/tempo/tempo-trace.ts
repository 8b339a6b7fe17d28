import { hexToBytes } from "../ids.ts";
import { encodeBase64 } from "../otlp/base64.ts";
import { enumeration, field, message } from "../otlp/descriptor.ts";
import { encodeMessage } from "../otlp/encode.ts";
import type { Span, SpanLink, TracesData } from "../otlp/model.ts";
import { REQUESTS, SPAN_KINDS, STATUS_CODES } from "../otlp/schema.ts";

/** `tempopb.TraceByIDResponse` with what is of use to clients. */
export interface TempoTraceAnswer {
  readonly trace?: TracesData;
  /** How much was read for the answer; not told. */
  readonly metrics?: Readonly<Record<string, never>>;
  /** 1 when only a part of the trace is answered, and `message` says why. */
  readonly status?: 0 | 1;
  readonly message?: string;
}

const TRACE_BY_ID_RESPONSE = message<TempoTraceAnswer>("TraceByIDResponse", {
  trace: field(1, REQUESTS.traces),
  metrics: field(2, message<Record<never, never>>("TraceByIDMetrics", {})),
  status: enumeration(3, ["COMPLETE", "PARTIAL"]),
  message: field(4, "string"),
});

/** Protobuf of the answer of `/api/v2/traces`. Version 1 answers `encodeOtlp("traces", ...)`, which is `tempopb.Trace`. */
export function encodeTempoTraceAnswer(answer: TempoTraceAnswer): Uint8Array<ArrayBuffer> {
  return encodeMessage(TRACE_BY_ID_RESPONSE, answer);
}

/**
 * Resource spans in the JSON that Tempo answers, which is protobuf's own mapping and not OTLP's: ids in base64, enums
 * by name. A new object; what it shares with the trace must not be changed.
 */
export function tempoResourceSpans(trace: TracesData): unknown[] {
  return (trace.resourceSpans ?? []).map((resource) => ({
    ...resource,
    scopeSpans: (resource.scopeSpans ?? []).map((scope) => ({
      ...scope,
      spans: (scope.spans ?? []).map(spanJson),
    })),
  }));
}

function spanJson(span: Span): object {
  const { kind, links, status, parentSpanId } = span;
  return {
    ...span,
    ...idsJson(span),
    ...(parentSpanId !== undefined && { parentSpanId: base64Of(parentSpanId) }),
    ...(kind !== undefined && { kind: SPAN_KINDS[kind] ?? kind }),
    ...(links && { links: links.map((link) => ({ ...link, ...idsJson(link) })) }),
    ...(status && {
      status: {
        ...status,
        ...(status.code !== undefined && { code: STATUS_CODES[status.code] ?? status.code }),
      },
    }),
  };
}

function idsJson({ traceId, spanId }: Pick<Span & SpanLink, "traceId" | "spanId">): object {
  return {
    ...(traceId !== undefined && { traceId: base64Of(traceId) }),
    ...(spanId !== undefined && { spanId: base64Of(spanId) }),
  };
}

function base64Of(hex: string): string {
  return encodeBase64(hexToBytes(hex) ?? new Uint8Array());
}
