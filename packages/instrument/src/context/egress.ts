import { parseTraceparent } from "@clew/protocol/context/traceparent";
import type { Context, Span } from "@opentelemetry/api";
import type { AllowedDestinations } from "./allowed-destinations.ts";
import type { Correlation } from "./correlation.ts";
import { destinationOf } from "./outgoing.ts";

/** Event of the client span of the first request to a host that got no context because the host is not allowed. */
const EVENT = "clew.context_withheld";
const MAX_TOLD = 1000;

/** Decides whether a request gets context, and tells where it did not, once per host. */
export class Egress {
  readonly #allowed: AllowedDestinations;
  readonly #correlation: Correlation;
  readonly #told = new Set<string>();

  constructor(allowed: AllowedDestinations, correlation: Correlation) {
    this.#allowed = allowed;
    this.#correlation = correlation;
  }

  /** Work that is no request to a host known by name, such as sending a message, is allowed. */
  allows(span: Span): boolean {
    const destination = destinationOf(span);
    return destination === undefined || this.#allowed.allows(destination.host);
  }

  /** `headers` are those that the request would have got. */
  tell(span: Span, headers: readonly string[]): void {
    const host = destinationOf(span)?.host;
    if (host === undefined || this.#told.has(host) || this.#told.size >= MAX_TOLD || !span.isRecording())
      return;
    this.#told.add(host);
    span.addEvent(EVENT, { "server.address": host, "clew.withheld": [...headers] });
  }

  /**
   * Which headers of a request hold the context of its span although nobody injected it for this request: an SDK
   * that injects by itself does not know the host. What the agent wrote of its own is not among them.
   */
  leaked(span: Span, context: Context, read: (header: string) => string): string[] {
    const leaked: string[] = [];
    if (parseTraceparent(read("traceparent"))?.traceId === span.spanContext().traceId) {
      leaked.push("traceparent", "tracestate");
    }
    const baggage = read("baggage");
    if (baggage !== "" && baggage === this.#correlation.headerOf(context)) leaked.push("baggage");
    return leaked;
  }
}
