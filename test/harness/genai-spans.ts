import type { AgentRun } from "./agent-process.ts";
import type { ReceivedSpan } from "./otlp-collector.ts";

/** The only span of this name; fails when there is none or more. */
export function spanNamed({ spans }: Pick<AgentRun, "spans">, name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  if (found.length !== 1) {
    throw new Error(`${found.length} spans are named ${name}: ${spans.map((span) => span.name).join(", ")}`);
  }
  return found[0]!;
}

/** Attributes of a span but those of the connection, which change from run to run. */
export function genAiAttributes(span: ReceivedSpan): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(span.attributes).filter(
      ([key]) => !/^(server\.|gen_ai\.response\.time_to_first_chunk$)/.test(key),
    ),
  );
}

/** The JSON that an attribute holds as text. */
export function contentOf(span: ReceivedSpan, key: string): unknown {
  const text = span.attributes[key];
  return typeof text === "string" ? JSON.parse(text) : undefined;
}

/** The spans right below this one. */
export function childrenOf({ spans }: Pick<AgentRun, "spans">, parent: ReceivedSpan): ReceivedSpan[] {
  return spans.filter((span) => span.parentSpanId === parent.spanId && span.traceId === parent.traceId);
}
