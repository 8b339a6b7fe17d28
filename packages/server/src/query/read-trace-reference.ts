/** What a text names, as far as it can be told from its form. */
export interface TraceReference {
  /** Lower-case hex digits that a trace id begins with, 4 to 32 of them. */
  readonly tracePrefix?: string;
  /** 16 lower-case hex digits. */
  readonly spanId?: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const B3 = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(-[01d](-[0-9a-f]{16})?)?$/;
const XRAY = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads ids of a trace and a span as people copy them: bare, in W3C's, B3's or X-Ray's form, or as a UUID. */
export function readTraceReference(text: string): TraceReference {
  const digits = text.trim().toLowerCase();
  const pair = TRACEPARENT.exec(digits) ?? B3.exec(digits);
  if (pair?.[1] !== undefined && pair[2] !== undefined) {
    return { tracePrefix: pair[1].padStart(32, "0"), spanId: pair[2] };
  }
  const xray = XRAY.exec(digits);
  if (xray !== null) return { tracePrefix: `${xray[1]}${xray[2]}` };
  if (UUID.test(digits)) return { tracePrefix: digits.replaceAll("-", "") };
  if (!/^[0-9a-f]{4,32}$/.test(digits)) return {};
  return { tracePrefix: digits, ...(digits.length === 16 && { spanId: digits }) };
}
