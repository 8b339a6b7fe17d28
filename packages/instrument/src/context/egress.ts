import type { AllowedDestinations } from "@clew/protocol/context/allowed-destinations";
import { parseTraceparent } from "@clew/protocol/context/traceparent";
import { type Context, trace } from "@opentelemetry/api";
import type { Correlation } from "./correlation.ts";
import { destinationIn } from "./outgoing.ts";

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

  /** Whether what is sent in this context may carry it. Work that is no request to a host, such as a message, may. */
  allows(context: Context): boolean {
    const destination = destinationIn(context);
    return destination === undefined || this.#allowed.allows(destination.host);
  }

  /** `headers` are those that the request would have got. */
  tell(context: Context, headers: readonly string[]): void {
    const host = destinationIn(context)?.host;
    const span = trace.getSpan(context);
    if (host === undefined || span?.isRecording() !== true) return;
    if (this.#told.has(host) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(host);
    span.addEvent(EVENT, { "server.address": host, "clew.withheld": [...headers] });
  }

  /**
   * Which headers of a request hold its context although nobody injected it for this request: an SDK
   * that injects by itself does not know the host. What the agent wrote of its own is not among them.
   */
  leaked(context: Context, read: (header: string) => string): string[] {
    const leaked: string[] = [];
    const traceId = parseTraceparent(read("traceparent"))?.traceId;
    if (traceId !== undefined && traceId === trace.getSpanContext(context)?.traceId) {
      leaked.push("traceparent", "tracestate");
    }
    const baggage = read("baggage");
    if (baggage !== "" && baggage === this.#correlation.headerOf(context)) leaked.push("baggage");
    return leaked;
  }
}
