import type { ReceivedSpan } from "./otlp-collector.ts";

/**
 * Every span once, in the order of their starts: one that was announced while it was open arrives again when it
 * has ended.
 */
export function latestSpans(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const latest = [...new Map(spans.map((span) => [span.spanId, span])).values()];
  return latest.sort((one, other) => Number(startOf(one) - startOf(other)));
}

function startOf(span: ReceivedSpan): bigint {
  return BigInt(span.startTimeUnixNano ?? 0);
}
