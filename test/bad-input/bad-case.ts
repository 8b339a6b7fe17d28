import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { Span } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";
import { delimited, fixed64 } from "../harness/raw-protobuf.ts";

/**
 * What must become of a request. `refused`: 400 or INVALID_ARGUMENT. `taken`: all of it. A number: so many records
 * are rejected and the rest is taken. `either`: refused or taken, as long as what follows from it holds.
 */
export type Fate = "refused" | "taken" | "either" | number;

export interface BadCase {
  readonly name: string;
  readonly signal: Signal;
  readonly fate: Fate;
  readonly protobuf?: Uint8Array;
  readonly json?: Uint8Array | string;
  /** The trace whose spans `GOOD_SPANS` can be read when the request was taken. */
  readonly traceId?: string;
}

export const GOOD_SPANS = ["aaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaa2"] as const;

let traces = 0;
/** An id that no other case has. */
export function newTraceId(): string {
  return `bad1${(++traces).toString(16).padStart(28, "0")}`;
}

function goodSpan(traceId: string, spanId: string): Span {
  const start = 1_763_700_000_000_000_000n;
  return {
    ...{ traceId, spanId, name: "good", kind: 1 },
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 1_000_000n),
    attributes: [{ key: "session.id", value: { stringValue: "s" } }],
  };
}

const RESOURCE = delimited(1, delimited(1, delimited(1, "service.name"), delimited(2, delimited(1, "bad"))));

/** Fields of a span that is in order, by hand. */
export function spanHead(traceId: string, spanId = "bbbbbbbbbbbbbbb1"): Buffer {
  return Buffer.concat([
    delimited(1, Buffer.from(traceId, "hex")),
    delimited(2, Buffer.from(spanId, "hex")),
    fixed64(7, 1_763_700_000_000_000_000n),
    fixed64(8, 1_763_700_000_001_000_000n),
  ]);
}

/** A traces request of a good span, the given bytes as spans, and another good span. */
export function around(traceId: string, ...spans: Uint8Array[]): Buffer {
  const [first, last] = GOOD_SPANS.map((spanId) => {
    const encoded = encodeOtlp("traces", {
      resourceSpans: [{ scopeSpans: [{ spans: [goodSpan(traceId, spanId)] }] }],
    });
    return insideScopeSpans(encoded);
  });
  const scopeSpans = delimited(2, first!, ...spans.map((span) => delimited(2, span)), last!);
  return delimited(1, RESOURCE, scopeSpans);
}

/** The bytes of the one ScopeSpans in a small request: each level has a head of three bytes. */
function insideScopeSpans(request: Uint8Array): Uint8Array {
  const level = (bytes: Uint8Array): Uint8Array => bytes.subarray(bytes[1]! < 128 ? 2 : 3);
  return level(level(request));
}

/** The same as JSON: `bad` stands between two good spans. */
export function jsonAround(traceId: string, ...bad: unknown[]): string {
  const [first, last] = GOOD_SPANS.map((spanId) => goodSpan(traceId, spanId));
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "bad" } }] },
        scopeSpans: [{ scope: { name: "bad" }, spans: [first, ...bad, last] }],
      },
    ],
  });
}
