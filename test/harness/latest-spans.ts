import type { ReceivedSpan } from "./otlp-collector.ts";

/** Every span once: one that was announced while it was open arrives again when it has ended. */
export function latestSpans(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  return [...new Map(spans.map((span) => [span.spanId, span])).values()];
}
