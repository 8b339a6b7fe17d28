import assert from "node:assert/strict";
import type { StoredSpan } from "./example.ts";

/** Spans of a conversation with customer support. */
export const SPANS = 32;
/** Without the last calls of two agents' models, which come after what fails. */
export const SPANS_WHEN_FAILING = 28;

const SERVER = 2;
const CLIENT = 3;

/** One of the ten spans of Plano's example: where it is. */
export interface Place {
  readonly service: string;
  readonly kind: number;
  /** Of its address; undefined where the upstream of a gateway's span says it. */
  readonly path?: string;
  /** The upstream of a gateway's SERVER span, the peer of its CLIENT span. */
  readonly to?: string;
}

export type Picture = Readonly<Record<number, Place>>;

/** Which of the ten is above each. */
const ABOVE: Readonly<Record<number, number>> = { 2: 1, 3: 1, 4: 2, 5: 3, 6: 5, 7: 6, 8: 1, 9: 8, 10: 9 };

const CUSTOMER_SUPPORT: Picture = {
  1: { service: "chatbot", kind: SERVER, path: "/chat" },
  2: { service: "main-agent", kind: CLIENT, path: "/payments/verify" },
  3: { service: "main-agent", kind: CLIENT, path: "/support/questions" },
  4: { service: "payment-service", kind: SERVER, path: "/payments/verify" },
  5: { service: "support-agent", kind: SERVER, path: "/support/questions" },
  6: { service: "support-agent", kind: CLIENT, path: "/tickets" },
  7: { service: "tech-support", kind: SERVER, path: "/tickets" },
  8: { service: "orders-agent", kind: SERVER, path: "/orders/questions" },
  9: { service: "orders-agent", kind: CLIENT, path: "/stock/" },
  10: { service: "inventory", kind: SERVER, path: "/stock/" },
};

/** The ten are there once each, below each other as they should be, in a trace with one root and no orphan. */
export function assertTenSpans(spans: readonly StoredSpan[], picture: Picture = CUSTOMER_SUPPORT): void {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  assert.equal(byId.size, spans.length, "an id is used twice");
  assert.equal(spans.filter(({ parentSpanId }) => parentSpanId === "").length, 1, "one root");
  for (const { name, parentSpanId } of spans)
    assert.ok(parentSpanId === "" || byId.has(parentSpanId), `${name} is an orphan`);

  const numbers = new Map<StoredSpan, number>();
  for (const [number, { service, kind, path = "", to }] of Object.entries(picture)) {
    const found = spans.filter(
      (span) =>
        span.service === service &&
        span.kind === kind &&
        pathOf(span).startsWith(path) &&
        (to === undefined || peerOf(span) === to),
    );
    assert.equal(found.length, 1, `span ${number}: ${service} ${to ?? path}`);
    numbers.set(found[0]!, Number(number));
  }
  for (const [span, number] of numbers) {
    let above = byId.get(span.parentSpanId);
    while (above !== undefined && !numbers.has(above)) above = byId.get(above.parentSpanId);
    assert.equal(above && numbers.get(above), ABOVE[number], `what is above span ${number}`);
  }
  const at = (number: number) => spans.find((span) => numbers.get(span) === number)!;
  assert.ok(at(8).startNanos >= at(4).endNanos, "the orders agent is asked after the payment is verified");
}

function peerOf({ attributes }: StoredSpan): string | undefined {
  return attributes["clew.gateway.upstream"] ?? attributes["peer.service"];
}

function pathOf({ attributes }: StoredSpan): string {
  const url = attributes["url.full"];
  return url === undefined ? (attributes["url.path"] ?? "") : new URL(url).pathname;
}
