import { type Attributes, type Span, trace } from "@opentelemetry/api";
import { type Message, targetOf } from "./message.ts";

/** Spans that stand for a call already: a tool that calls a second one has a span for that. */
const taken = new WeakSet<Span>();

/**
 * The span of a framework that calls this very tool now: it stands for the call, which then has no second
 * span. Frameworks put the name of the server before that of the tool.
 */
export function coveringSpan(message: Message): Span | undefined {
  if (message.method !== "tools/call") return undefined;
  const span = trace.getActiveSpan();
  const attributes = (span as { attributes?: Attributes } | undefined)?.attributes;
  if (span === undefined || attributes === undefined || taken.has(span)) return undefined;
  if (attributes["gen_ai.operation.name"] !== "execute_tool" || "mcp.method.name" in attributes) {
    return undefined;
  }
  const tool = targetOf(message);
  const name = attributes["gen_ai.tool.name"];
  if (tool === undefined || typeof name !== "string") return undefined;
  if (name !== tool && !(name.endsWith(tool) && /[^a-z0-9]/i.test(name.at(-tool.length - 1) ?? ""))) {
    return undefined;
  }
  taken.add(span);
  return span;
}
