import { around, type BadCase, type Fate, newTraceId, spanHead } from "./bad-case.ts";

/** One span, made by `make`, between good ones. */
export function span(
  name: string,
  fate: Fate,
  make: (traceId: string) => Uint8Array | Uint8Array[],
): BadCase {
  const traceId = newTraceId();
  const made = make(traceId);
  const spans = Array.isArray(made) ? made : [made];
  return { name, signal: "traces", fate, protobuf: around(traceId, ...spans), traceId };
}

/** A span that is in order up to the given fields. */
export function withFields(name: string, fate: Fate, ...fields: Uint8Array[]): BadCase {
  return span(name, fate, (traceId) => Buffer.concat([spanHead(traceId), ...fields]));
}
