import { refundTrace } from "./refund-trace.ts";
import { attributesOf, TraceBuilder } from "./span-builder.ts";

/** Attributes of a model's call in which this was asked and answered. */
export function said(asked: string, answered: string): Record<string, string> {
  const message = (role: string, content: string) =>
    JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.input.messages": message("user", asked),
    "gen_ai.output.messages": message("assistant", answered),
  };
}

/**
 * A session of three traces: one in which a refund is given, an hour later one in which it fails, and one that belongs
 * to it only by a link to the first.
 */
export function sessionTraces(
  nowMs: number,
  ids: Readonly<Record<string, string>>,
): readonly [good: TraceBuilder, failing: TraceBuilder, linked: TraceBuilder] {
  const good = refundTrace({ startMs: nowMs - 2 * 3_600_000, shared: ids });
  const failing = refundTrace({
    startMs: nowMs - 3_600_000,
    fails: true,
    shared: ids,
    question: `And the second parcel? ${"It came late too. ".repeat(20)}`,
  });
  const spanId = good.build().resourceSpans?.[0]?.scopeSpans?.[0]?.spans?.[0]?.spanId ?? "";
  const linked = new TraceBuilder(nowMs - 3_500_000);
  linked.add({
    name: "audit of refunds",
    service: "audit",
    at: 0,
    took: 300,
    links: [{ traceId: good.traceId, spanId, attributes: attributesOf({}) }],
  });
  return [good, failing, linked];
}
