import { type Context, propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import { carrierInside } from "./carrier-inside.ts";

/** What a message has to carry so that its consumer continues the context, by header's name. */
export function carried(from: Context, baggage?: string): Record<string, string> {
  const carrier: Record<string, string> = baggage === undefined ? {} : { baggage };
  propagation.inject(from, carrier);
  return carrier;
}

/**
 * A copy of a message's headers with the context in them. A message that is forwarded brings the headers of its
 * former journey: these are replaced, except for `baggage`, whose members stay beside ours.
 */
export function withContext<Value>(
  from: Context,
  headers: Readonly<Record<string, Value>> | null | undefined,
  text: (value: Value) => string,
): Record<string, Value | string> {
  const result: Record<string, Value | string> = { ...headers };
  delete result.traceparent;
  delete result.tracestate;
  const baggage = headers?.baggage;
  return Object.assign(result, carried(from, baggage === undefined ? undefined : text(baggage)));
}

/**
 * The context that came with a message; `header` answers undefined for what it did not carry. Where the headers have
 * no trace, the body may: JSON with a carrier as its member `trace_context`.
 */
export function contextOf(
  header: (name: string) => string | undefined,
  body?: Uint8Array | string | null,
): Context {
  const inside = header("traceparent") === undefined ? carrierInside(body) : {};
  return propagation.extract(ROOT_CONTEXT, undefined, {
    keys: () => propagation.fields(),
    get: (_, name) => header(name) ?? inside[name],
  });
}
