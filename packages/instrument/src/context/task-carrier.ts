import { type Context, createContextKey, propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import { type Carrier, carrierOf } from "./child-environment.ts";

/** A field of messages that a pool's two halves exchange: neither the pool nor its tasks read it. */
const FIELD = "clew.context";

/** Tells contexts of messages from that in which the thread was made: a message without a trace is not part of that. */
const POSTED = ROOT_CONTEXT.setValue(createContextKey("clew.posted"), true);

/** Gives a message the context to be handled in. */
export function addCarrier(message: Record<string, unknown>, from: Context): void {
  message[FIELD] = carrierOf(from) ?? {};
}

/** Takes that context out again; undefined where there is none. */
export function takeCarrier(message: unknown): Context | undefined {
  if (typeof message !== "object" || message === null || !Object.hasOwn(message, FIELD)) return undefined;
  const holder = message as { [FIELD]?: Partial<Carrier> };
  const carrier = holder[FIELD] ?? {};
  delete holder[FIELD];
  return contextOf(carrier);
}

/** The context that was posted with a message. */
export function contextOf(carrier: Partial<Carrier>): Context {
  const { TRACEPARENT: traceparent, TRACESTATE: tracestate, BAGGAGE: baggage } = carrier;
  return propagation.extract(POSTED, { traceparent, tracestate, baggage });
}
