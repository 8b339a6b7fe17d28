import assert from "node:assert/strict";
import type { StoredSpan } from "./example.ts";

/** Spans of a conversation with customer support. */
export const SPANS = 32;
/** Without the last calls of two agents' models, which come after what fails. */
export const SPANS_WHEN_FAILING = 28;

const SERVER = 2;
const CLIENT = 3;

/** The ten spans of Plano's example: where each is, and which of the others is above it. */
const TEN: Readonly<Record<number, { service: string; kind: number; path: string; above?: number }>> = {
  1: { service: "chatbot", kind: SERVER, path: "/chat" },
  2: { service: "main-agent", kind: CLIENT, path: "/payments/verify", above: 1 },
  3: { service: "main-agent", kind: CLIENT, path: "/support/questions", above: 1 },
  4: { service: "payment-service", kind: SERVER, path: "/payments/verify", above: 2 },
  5: { service: "support-agent", kind: SERVER, path: "/support/questions", above: 3 },
  6: { service: "support-agent", kind: CLIENT, path: "/tickets", above: 5 },
  7: { service: "tech-support", kind: SERVER, path: "/tickets", above: 6 },
  8: { service: "orders-agent", kind: SERVER, path: "/orders/questions", above: 1 },
  9: { service: "orders-agent", kind: CLIENT, path: "/stock/", above: 8 },
  10: { service: "inventory", kind: SERVER, path: "/stock/", above: 9 },
};

/** The ten are there once each, below each other as they should be, in a trace with one root and no orphan. */
export function assertTenSpans(spans: readonly StoredSpan[]): void {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  assert.equal(byId.size, spans.length, "an id is used twice");
  assert.equal(spans.filter(({ parentSpanId }) => parentSpanId === "").length, 1, "one root");
  for (const { name, parentSpanId } of spans)
    assert.ok(parentSpanId === "" || byId.has(parentSpanId), `${name} is an orphan`);

  const numbers = new Map<StoredSpan, number>();
  for (const [number, { service, kind, path }] of Object.entries(TEN)) {
    const found = spans.filter(
      (span) => span.service === service && span.kind === kind && pathOf(span).startsWith(path),
    );
    assert.equal(found.length, 1, `span ${number}: ${service} ${path}`);
    numbers.set(found[0]!, Number(number));
  }
  for (const [span, number] of numbers) {
    let above = byId.get(span.parentSpanId);
    while (above !== undefined && !numbers.has(above)) above = byId.get(above.parentSpanId);
    assert.equal(above && numbers.get(above), TEN[number]?.above, `what is above span ${number}`);
  }
  const at = (number: number) => spans.find((span) => numbers.get(span) === number)!;
  assert.ok(at(8).startNanos >= at(4).endNanos, "the orders agent is asked after the payment is verified");
}

function pathOf({ attributes }: StoredSpan): string {
  const url = attributes["url.full"];
  return url === undefined ? (attributes["url.path"] ?? "") : new URL(url).pathname;
}
