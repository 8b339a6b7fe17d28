import { type Context, context, type Link, propagation, type TextMapGetter, trace } from "@opentelemetry/api";
import type { Message } from "./message.ts";

type Meta = Readonly<Record<string, unknown>>;

const GETTER: TextMapGetter<Meta> = {
  keys: (meta) => Object.keys(meta),
  get: (meta, key) => {
    const value = meta[key];
    return typeof value === "string" ? value : undefined;
  },
};

/** A copy of the message that carries a context in `params._meta`, under the keys MCP reserves for it. */
export function withContext<M extends Message>(message: M, sent: Context): M {
  const carrier: Record<string, string> = {};
  propagation.inject(sent, carrier);
  if (Object.keys(carrier).length === 0) return message;
  const { params } = message;
  return { ...message, params: { ...params, _meta: { ...params?._meta, ...carrier } } };
}

/**
 * Where the span of a message that arrived belongs: below the context the message carries, linked with what
 * the transport carried; below the latter where the message has none.
 */
export function contextOf(message: Message): { parent: Context; links: Link[] } {
  const active = context.active();
  const meta = message.params?._meta;
  if (typeof meta !== "object" || meta === null) return { parent: active, links: [] };
  const parent = propagation.extract(active, meta, GETTER);
  const transported = trace.getSpanContext(active);
  const carried = trace.getSpanContext(parent);
  const isCarried = carried !== undefined && carried !== transported;
  return { parent, links: isCarried && transported !== undefined ? [{ context: transported }] : [] };
}
